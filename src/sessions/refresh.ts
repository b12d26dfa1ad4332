import type { RecordEvents } from '../accounts/security-events.js';
import type { Config } from '../config.js';
import type { Database } from '../database/client.js';
import { inTransaction } from '../database/transaction.js';
import type { Clock } from '../shared/clock.js';
import { Failure } from '../shared/failure.js';
import type { Logger } from '../shared/logger.js';
import type { Origin } from '../shared/origin.js';
import type { Confirmations } from './confirmations.js';
import type { KeyRing } from './key-ring.js';
import type { SessionAdvancing } from './session-advancing.js';
import type { EndSessions } from './session-ending.js';
import { isOutOfTime } from './session-life.js';
import type { SessionRow, SessionStore } from './session-store.js';
import { shownToken, type ShownToken } from './shown-token.js';
import type { MintedPair } from './token-minting.js';

export type Refresh = (refreshToken: string, origin: Origin) => Promise<MintedPair>;

export interface RefreshParts {
  readonly settings: Config['session'];
  readonly database: Database;
  readonly store: SessionStore;
  readonly ring: () => KeyRing;
  readonly confirmations: Confirmations;
  readonly advancing: SessionAdvancing;
  readonly end: EndSessions;
  readonly record: RecordEvents;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Exchanges a refresh token for the next pair, by one rule: a refresh token stays good until its successor has been
 * seen. After that, showing it again is theft, and ends the session (RFC 9700 §4.14.2).
 * @throws Failure REFRESH_TOKEN_UNKNOWN, REFRESH_TOKEN_REVOKED, REFRESH_TOKEN_EXPIRED, REFRESH_TOKEN_REUSED
 */
export function refresh(parts: RefreshParts): Refresh {
  const { settings, database, store, ring, confirmations, advancing, end, record, clock, logger } = parts;

  return async function decide(refreshToken, origin): Promise<MintedPair> {
    const shown = await shownToken(refreshToken, store, ring());
    if (!shown) throw new Failure('REFRESH_TOKEN_UNKNOWN');
    const { session, generation, refreshKey } = shown;
    const nowMs = clock.nowMs();
    if (session.endedAt) throw new Failure('REFRESH_TOKEN_REVOKED');
    if (isOutOfTime(session, nowMs)) throw new Failure('REFRESH_TOKEN_EXPIRED');

    // Whenever a conditional statement finds the row changed, somebody was faster: what is true now decides.
    if (generation === session.generation) {
      return (await advancing.advance(session, refreshKey, origin)) ?? decide(refreshToken, origin);
    }
    if (generation === session.generation - 1 && (await isStillGood(session, nowMs))) {
      return advancing.pairOf(session, refreshKey);
    }
    if (!(await endStolen(shown, origin))) return decide(refreshToken, origin);
    throw new Failure('REFRESH_TOKEN_REUSED');
  };

  /** The token before the current one: good while its successor is unseen, and for requests in flight. */
  async function isStillGood({ id, generation }: SessionRow, nowMs: number): Promise<boolean> {
    await confirmations.settled();
    const current = await store.find(id);
    if (current?.generation !== generation) return false;
    const sinceRotationMs = nowMs - current.rotatedAt.getTime();
    return current.confirmedAt === null || Math.abs(sinceRotationMs) <= settings.graceSeconds * 1000;
  }

  /** Ends the session of a retired token as it was decided upon, with a record of both who held its tokens. */
  async function endStolen({ session, generation }: ShownToken, origin: Origin): Promise<boolean> {
    const { id: sessionId, accountId, deviceName, ipAddress, userAgent } = session;
    const holder = { deviceName, ipAddress, userAgent, generation: session.generation };
    const ended = await inTransaction(database, async (transaction) => {
      const which = { sessionId, generation: session.generation };
      const [endedId] = await end(transaction, which, 'REFRESH_TOKEN_REUSED', origin);
      if (endedId === undefined) return false;
      const detail = { shown: { ...origin, generation }, holder };
      await record(transaction, accountId, [{ kind: 'REFRESH_TOKEN_REUSED', sessionId, ...origin, detail }]);
      return true;
    });
    if (ended) {
      const facts = { event: 'refresh_token.reused', sessionId, accountId, ...origin, generation };
      logger.warn(facts, 'a retired refresh token was shown; its session was ended');
    }
    return ended;
  }
}
