import type { RecordEvents } from '../events/security-events.js';
import type { Database } from '../database/client.js';
import { inTransaction } from '../database/transaction.js';
import type { Clock } from '../shared/clock.js';
import { Failure } from '../errors/failure.js';
import type { Logger } from '../shared/logger.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { SeenSessions } from '../authentication/seen-sessions.js';
import type { KeyRing } from '../keys/key-ring.js';
import type { SessionRotation } from './session-rotation.js';
import type { RevokeSessions } from '../sessions/session-revocation.js';
import { isExpired, type SessionSettings } from '../sessions/session-expiry.js';
import type { SessionStore } from '../sessions/session-store.js';
import type { SessionRow } from '../sessions/session-row.js';
import {
  presentedRefreshToken,
  type ForgedRefreshToken,
  type PresentedRefreshToken,
} from './presented-refresh-token.js';
import type { IssuedTokens } from './token-issuance.js';

export type Refresh = (refreshToken: string, clientInfo: ClientInfo) => Promise<IssuedTokens>;

export interface RefreshParts {
  readonly settings: SessionSettings;
  readonly database: Database;
  readonly store: SessionStore;
  readonly ring: () => KeyRing;
  readonly seen: SeenSessions;
  readonly rotation: SessionRotation;
  readonly revokeSessions: RevokeSessions;
  readonly record: RecordEvents;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Exchanges a refresh token for the next pair, by one rule: a refresh token stays valid until its successor has been
 * seen. Presented after that, it counts as reuse and revokes the session (RFC 9700 §4.14.2).
 * @throws Failure REFRESH_TOKEN_UNKNOWN, REFRESH_TOKEN_REVOKED, REFRESH_TOKEN_EXPIRED, REFRESH_TOKEN_REUSED
 */
export function refresh(parts: RefreshParts): Refresh {
  const { settings, database, store, ring, seen, rotation, revokeSessions, record, clock, logger } = parts;

  return async (refreshToken, clientInfo) => {
    const presented = await presentedRefreshToken(refreshToken, store, ring());
    try {
      return await exchange(presented, refreshToken, clientInfo);
    } catch (error) {
      if (error instanceof Failure) logRejection(error, presented, clientInfo);
      throw error;
    }
  };

  async function exchange(
    presented: PresentedRefreshToken | ForgedRefreshToken,
    refreshToken: string,
    clientInfo: ClientInfo,
  ): Promise<IssuedTokens> {
    if (!('session' in presented)) throw new Failure('REFRESH_TOKEN_UNKNOWN', { cause: presented.cause });
    const { session, generation, refreshKey } = presented;
    const nowMs = clock.nowMs();
    if (session.endedAt) throw new Failure('REFRESH_TOKEN_REVOKED', { cause: 'the session was revoked' });
    if (isExpired(session, nowMs)) throw new Failure('REFRESH_TOKEN_EXPIRED', { cause: 'the session expired' });
    const retry = async () =>
      exchange(await presentedRefreshToken(refreshToken, store, ring()), refreshToken, clientInfo);

    // If a conditional statement updates no row, another request was faster: read the row and decide again.
    if (generation === session.generation) {
      return (await rotation.rotate(session, refreshKey, clientInfo)) ?? retry();
    }
    if (generation === session.generation - 1 && (await previousTokenIsValid(session, nowMs))) {
      return rotation.repeat(session, refreshKey);
    }
    if (!(await revokeReusedSession(presented, clientInfo))) return retry();
    throw new Failure('REFRESH_TOKEN_REUSED', { cause: 'a previous token was presented again' });
  }

  /** The client learns the kind only. */
  function logRejection(
    { kind, cause }: Failure,
    presented: PresentedRefreshToken | ForgedRefreshToken,
    clientInfo: ClientInfo,
  ): void {
    const facts =
      'session' in presented
        ? { sessionId: presented.session.id, accountId: presented.session.accountId, generation: presented.generation }
        : { sessionId: presented.sessionId };
    logger.info({ event: 'refresh.rejected', reason: kind, cause, ...facts, ...clientInfo }, 'a refresh was rejected');
  }

  /** The previous refresh token is valid while its successor is unseen, and for a grace period after the rotation. */
  async function previousTokenIsValid({ id, generation }: SessionRow, nowMs: number): Promise<boolean> {
    await seen.drain();
    const current = await store.find(id);
    if (current?.generation !== generation) return false;
    const sinceRotationMs = nowMs - current.rotatedAt.getTime();
    return current.confirmedAt === null || Math.abs(sinceRotationMs) <= settings.graceSeconds * 1000;
  }

  /** Revokes the session if its row has not changed since the decision, and records both clients that held its tokens. */
  async function revokeReusedSession(
    { session, generation }: PresentedRefreshToken,
    clientInfo: ClientInfo,
  ): Promise<boolean> {
    const { id: sessionId, accountId, deviceName, ipAddress, userAgent } = session;
    const holder = { deviceName, ipAddress, userAgent, generation: session.generation };
    const ended = await inTransaction(database, async (transaction) => {
      const which = { sessionId, generation: session.generation };
      const [endedId] = await revokeSessions(transaction, which, 'REFRESH_TOKEN_REUSED', clientInfo);
      if (endedId === undefined) return false;
      const { ipAddress: presentedFrom, userAgent: presentedBy } = clientInfo;
      const detail = { shown: { ipAddress: presentedFrom, userAgent: presentedBy, generation }, holder };
      await record(transaction, accountId, [{ kind: 'REFRESH_TOKEN_REUSED', sessionId, ...clientInfo, detail }]);
      return true;
    });
    if (ended) {
      const facts = { event: 'refresh_token.reused', sessionId, accountId, ...clientInfo, generation };
      logger.warn(facts, 'a previous refresh token was presented again; its session was revoked');
    }
    return ended;
  }
}
