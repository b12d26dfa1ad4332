import type { AccountStore } from '../accounts/account-store.js';
import type { Config } from '../config.js';
import type { Clock } from '../shared/clock.js';
import { Failure } from '../shared/failure.js';
import type { Origin } from '../shared/origin.js';
import type { RefreshKey } from './key-ring.js';
import type { SessionRow, SessionStore } from './session-store.js';
import type { MintedPair, MintTokenPair } from './token-minting.js';

export interface SessionAdvancing {
  /** Moves a session on from the state given and mints its pair; undefined when it has moved or ended meanwhile. */
  advance(session: SessionRow, refreshKey: RefreshKey, origin: Origin): Promise<MintedPair | undefined>;
  /** The pair of a session as it stands. @throws Failure REFRESH_TOKEN_REVOKED when its account may not log in */
  pairOf(session: SessionRow, refreshKey: RefreshKey): Promise<MintedPair>;
}

export function sessionAdvancing(
  settings: Config['session'],
  store: SessionStore,
  accounts: AccountStore,
  mint: MintTokenPair,
  clock: Clock,
): SessionAdvancing {
  return {
    async advance(session, refreshKey, origin) {
      const nowMs = clock.nowMs();
      const now = new Date(nowMs);
      const idleExpiresAt = new Date(nowMs + settings.idleSeconds * 1000);
      const { id: sessionId, generation } = session;
      if (!(await store.advance({ sessionId, generation, now, idleExpiresAt, origin }))) return undefined;
      const { ipAddress, userAgent = null } = origin;
      const moved = { ...session, generation: generation + 1, rotatedAt: now, idleExpiresAt, ipAddress, userAgent };
      return pairOf(moved, refreshKey);
    },
    pairOf,
  };

  async function pairOf(session: SessionRow, refreshKey: RefreshKey): Promise<MintedPair> {
    const account = await accounts.find(session.accountId);
    if (!account || account.disabledAt) throw new Failure('REFRESH_TOKEN_REVOKED');
    return mint(session, account, refreshKey);
  }
}
