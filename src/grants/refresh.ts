import { Failure } from '../errors/failure.js';
import type { SeenSessions } from '../authentication/seen-sessions.js';
import type { KeyRing } from '../keys/key-ring.js';
import type { RefreshLimits } from '../limits/refresh-limits.js';
import { exchangeKeyHash } from '../sessions/exchange-keys.js';
import { isExpired, type SessionSettings } from '../sessions/session-expiry.js';
import type { SessionStore } from '../sessions/session-store.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import { decideExchange, exchangeStateOf } from './exchange-decision.js';
import {
  presentedRefreshToken,
  type ForgedRefreshToken,
  type PresentedRefreshToken,
} from './presented-refresh-token.js';
import type { SessionRotation } from './session-rotation.js';
import type { SuspiciousExchanges } from './suspicious-exchanges.js';
import type { IssuedTokens } from './token-issuance.js';

export interface RefreshRequest {
  readonly refreshToken: string;
  /** The key that the client created when it began this exchange. */
  readonly idempotencyKey?: string | undefined;
}

export type Refresh = (request: RefreshRequest, clientInfo: ClientInfo) => Promise<IssuedTokens>;

export interface RefreshParts {
  readonly settings: SessionSettings;
  readonly store: SessionStore;
  readonly ring: () => KeyRing;
  readonly seen: Pick<SeenSessions, 'drain'>;
  readonly rotation: SessionRotation;
  readonly suspicious: SuspiciousExchanges;
  readonly limits: RefreshLimits;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** An attempt fails only if another request changed the session meanwhile: rotated it, cut it or revoked it. */
const MAX_ATTEMPTS = 10;

/**
 * Exchanges a refresh token for the next pair, by one rule: a refresh token stays valid until its successor has been
 * seen; presented after that by anybody but the client that began its exchange, it counts as reuse and revokes the
 * session (RFC 9700 §4.14.2). docs/protocol.md has the rule in full.
 * @throws Failure REFRESH_TOKEN_UNKNOWN, REFRESH_TOKEN_REVOKED, REFRESH_TOKEN_EXPIRED, REFRESH_TOKEN_SUPERSEDED,
 * REFRESH_TOKEN_REUSED, RATE_LIMITED, SERVICE_UNAVAILABLE
 */
export function refresh(parts: RefreshParts): Refresh {
  const { settings, store, ring, seen, rotation, suspicious, limits, clock, logger } = parts;

  return async ({ refreshToken, idempotencyKey }, clientInfo) => {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const presented = await present(refreshToken);
      try {
        const issued = await exchange(presented, idempotencyKey, clientInfo, attempt === 1);
        if (issued) return issued;
      } catch (error) {
        if (error instanceof Failure) logRejection(error, presented, clientInfo);
        throw error;
      }
    }
    throw new Failure('SERVICE_UNAVAILABLE', { cause: `the session changed during each of ${MAX_ATTEMPTS} attempts` });
  };

  async function present(refreshToken: string): Promise<PresentedRefreshToken | ForgedRefreshToken> {
    const presented = await presentedRefreshToken(refreshToken, store, ring());
    if (!('session' in presented) || presented.generation === presented.session.generation) return presented;
    // The decision depends on whether the successor was seen, and this process may still be writing that.
    await seen.drain();
    return presentedRefreshToken(refreshToken, store, ring());
  }

  /** Resolves to undefined if the row changed before it could be updated: then the decision must be made again. */
  async function exchange(
    presented: PresentedRefreshToken | ForgedRefreshToken,
    idempotencyKey: string | undefined,
    clientInfo: ClientInfo,
    isFirstAttempt: boolean,
  ): Promise<IssuedTokens | undefined> {
    if (!('session' in presented)) {
      limits.countUnknownToken(clientInfo);
      throw new Failure('REFRESH_TOKEN_UNKNOWN', { cause: presented.cause });
    }
    const { session, generation, refreshKey } = presented;
    const nowMs = clock.nowMs();
    if (session.endedAt) throw new Failure('REFRESH_TOKEN_REVOKED', { cause: 'the session was revoked' });
    if (isExpired(session, nowMs)) throw new Failure('REFRESH_TOKEN_EXPIRED', { cause: 'the session expired' });

    const keyHash = exchangeKeyHash(idempotencyKey, session.salt);
    const graceMs = settings.graceSeconds * 1000;
    const { outcome, cause } = decideExchange(exchangeStateOf(session), generation, keyHash, nowMs, graceMs);
    // Reuse is never limited: it must revoke the session.
    if (isFirstAttempt && (outcome === 'rotate' || outcome === 'repeat')) limits.countRefresh(session.id);
    switch (outcome) {
      case 'rotate':
        return rotation.rotate(session, refreshKey, keyHash, clientInfo);
      case 'repeat':
        await suspicious.recordRepeat(presented, keyHash, clientInfo);
        return rotation.repeat(session, refreshKey);
      case 'superseded':
        await suspicious.recordVoidToken(presented, clientInfo);
        throw new Failure('REFRESH_TOKEN_SUPERSEDED', { cause });
      case 'reuse':
        if (!(await suspicious.revokeReusedSession(presented, clientInfo))) return undefined;
        throw new Failure('REFRESH_TOKEN_REUSED', { cause });
    }
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
}
