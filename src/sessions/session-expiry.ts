import type { SessionRow } from './session-row.js';

export interface SessionSettings {
  /** A session that is not refreshed for this long expires. */
  readonly idleSeconds: number;
  /** A session expires this long after login, however often it is refreshed. */
  readonly maxSeconds: number;
  /** How many sessions an account can have. */
  readonly limit: number;
  /** How long after a rotation the previous refresh token is still accepted. */
  readonly graceSeconds: number;
}

type Ends = Pick<SessionRow, 'idleExpiresAt' | 'expiresAt'>;

/** When a session expires unless it is refreshed: the earlier of its idle and its absolute expiry. */
export function expiryOf({ idleExpiresAt, expiresAt }: Ends): Date {
  return idleExpiresAt < expiresAt ? idleExpiresAt : expiresAt;
}

/** Whether a session has expired. */
export function isExpired(session: Ends, nowMs: number): boolean {
  return expiryOf(session).getTime() <= nowMs;
}

/** The condition of a row that is neither revoked nor expired. */
export function whereActive(now: Date) {
  return { endedAt: null, idleExpiresAt: { gt: now }, expiresAt: { gt: now } };
}
