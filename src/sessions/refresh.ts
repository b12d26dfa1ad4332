import type { AccountStore } from '../accounts/account-store.js';
import type { Config } from '../config.js';
import type { Clock } from '../shared/clock.js';
import { Failure } from '../shared/failure.js';
import type { Logger } from '../shared/logger.js';
import type { Confirmations } from './confirmations.js';
import type { KeyRing } from './key-ring.js';
import type { Origin } from './login.js';
import { shownToken, type ShownToken } from './shown-token.js';
import type { EndSessions } from './session-ending.js';
import type { SessionRow, SessionStore } from './session-store.js';
import type { MintedPair, MintTokenPair } from './token-minting.js';

export type Refresh = (refreshToken: string, origin: Origin) => Promise<MintedPair>;

export interface RefreshParts {
  readonly settings: Config['session'];
  readonly store: SessionStore;
  readonly accounts: AccountStore;
  readonly ring: () => KeyRing;
  readonly confirmations: Confirmations;
  readonly end: EndSessions;
  readonly mint: MintTokenPair;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Exchanges a refresh token for the next pair, by one rule: a refresh token stays good until its successor has been
 * seen. After that, showing it again is theft, and ends the session (RFC 9700 §4.14.2).
 * @throws Failure REFRESH_TOKEN_UNKNOWN, REFRESH_TOKEN_REVOKED, REFRESH_TOKEN_EXPIRED, REFRESH_TOKEN_REUSED
 */
export function refresh(parts: RefreshParts): Refresh {
  const { settings, store, accounts, ring, confirmations, end, mint, clock, logger } = parts;

  return async function decide(refreshToken, origin): Promise<MintedPair> {
    const shown = await shownToken(refreshToken, store, ring());
    if (!shown) throw new Failure('REFRESH_TOKEN_UNKNOWN');
    const { session, generation } = shown;
    const nowMs = clock.nowMs();
    if (session.endedAt) throw new Failure('REFRESH_TOKEN_REVOKED');
    if (isOutOfTime(session, nowMs)) throw new Failure('REFRESH_TOKEN_EXPIRED');

    if (generation === session.generation) {
      const next = nextState(session, nowMs);
      const { rotatedAt: now, idleExpiresAt } = next;
      const moved = await store.advance({ sessionId: session.id, generation, now, idleExpiresAt });
      // Somebody was faster: what is true now decides.
      return moved ? pairFor(shown, next) : decide(refreshToken, origin);
    }
    if (generation === session.generation - 1 && (await isStillGood(session, nowMs))) return pairFor(shown, session);

    const ended = await end({ sessionId: session.id, generation: session.generation }, 'REFRESH_TOKEN_REUSED');
    // Nothing ended: the session moved on or ended meanwhile, and what is true now decides.
    if (ended.length === 0) return decide(refreshToken, origin);
    logger.warn(
      { event: 'refresh_token.reused', sessionId: session.id, accountId: session.accountId, ...origin, generation },
      'a retired refresh token was shown; its session was ended',
    );
    throw new Failure('REFRESH_TOKEN_REUSED');
  };

  /** The token before the current one: good while its successor is unseen, and for requests in flight. */
  async function isStillGood(session: SessionRow, nowMs: number): Promise<boolean> {
    await confirmations.settled();
    const current = await store.find(session.id);
    if (current?.generation !== session.generation) return false;
    return (
      current.confirmedAt === null || Math.abs(nowMs - current.rotatedAt.getTime()) <= settings.graceSeconds * 1000
    );
  }

  function nextState(session: SessionRow, nowMs: number): SessionRow {
    const idleExpiresAt = new Date(nowMs + settings.idleSeconds * 1000);
    return { ...session, generation: session.generation + 1, rotatedAt: new Date(nowMs), idleExpiresAt };
  }

  async function pairFor({ refreshKey }: ShownToken, session: SessionRow): Promise<MintedPair> {
    const account = await accounts.find(session.accountId);
    if (!account || account.disabledAt) throw new Failure('REFRESH_TOKEN_REVOKED');
    return mint(session, account, refreshKey);
  }
}

function isOutOfTime(session: SessionRow, nowMs: number): boolean {
  return Math.min(session.idleExpiresAt.getTime(), session.expiresAt.getTime()) <= nowMs;
}
