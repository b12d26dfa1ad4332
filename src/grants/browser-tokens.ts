import type { KeyRing } from '../keys/key-ring.js';
import { isExpired } from '../sessions/session-expiry.js';
import type { SessionStore } from '../sessions/session-store.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { Clock } from '../shared/clock.js';
import type { LogOut } from './logout.js';
import { presentedRefreshToken } from './presented-refresh-token.js';

/** What a browser presents in one request: refresh tokens of several generations, perhaps of several sessions. */
export interface SortedTokens {
  /** The newest authentic token of the active session that was opened last; of another session if none is active. */
  readonly newest: string | undefined;
  /** The authentic tokens of active sessions, the newest first. */
  readonly active: readonly BrowserToken[];
  /** The tokens of sessions that were revoked, expired or deleted. Nothing makes them valid again. */
  readonly dead: readonly string[];
}

export interface BrowserToken {
  readonly token: string;
  readonly sessionId: string;
  readonly generation: number;
}

export interface BrowserTokens {
  sort(tokens: readonly string[]): Promise<SortedTokens>;
  /** Revokes the session of a refresh token. */
  revoke(token: string, clientInfo: ClientInfo): Promise<void>;
}

/** Decides which of several refresh tokens counts. A forged or damaged one never wins over an authentic one. */
export function browserTokens(store: SessionStore, ring: () => KeyRing, logOut: LogOut, clock: Clock): BrowserTokens {
  return {
    async sort(tokens) {
      const presented = await Promise.all(
        tokens.map(async (token) => ({ token, ...(await presentedRefreshToken(token, store, ring())) })),
      );
      const dead: string[] = [];
      const active: BrowserToken[] = [];
      const ended: BrowserToken[] = [];
      for (const one of presented) {
        if ('session' in one) {
          const { token, session, generation } = one;
          const isEnded = session.endedAt !== null || isExpired(session, clock.nowMs());
          if (isEnded) dead.push(token);
          (isEnded ? ended : active).push({ token, sessionId: session.id, generation });
        } else if (one.isOfNoSession) dead.push(one.token);
      }
      active.sort(newestFirst);
      ended.sort(newestFirst);
      return { newest: [...active, ...ended][0]?.token ?? tokens[0], active, dead };
    },

    revoke: (refreshToken, clientInfo) => logOut({ refreshToken }, { state: 'anonymous' }, clientInfo),
  };
}

/** Session IDs increase with time: a greater one was opened later. */
function newestFirst(one: BrowserToken, other: BrowserToken): number {
  if (one.sessionId !== other.sessionId) return one.sessionId < other.sessionId ? 1 : -1;
  return other.generation - one.generation;
}
