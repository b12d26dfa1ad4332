import type { SessionRow } from './session-store.js';

type Ends = Pick<SessionRow, 'idleExpiresAt' | 'expiresAt'>;

/** When a session ends if nothing more happens to it: the nearer of its idle and its absolute end. */
export function endOf({ idleExpiresAt, expiresAt }: Ends): Date {
  return idleExpiresAt < expiresAt ? idleExpiresAt : expiresAt;
}

/** Whether the time of a session is over. */
export function isOutOfTime(session: Ends, nowMs: number): boolean {
  return endOf(session).getTime() <= nowMs;
}

/** The condition of a row that is neither ended nor out of time. */
export function liveAt(now: Date) {
  return { endedAt: null, idleExpiresAt: { gt: now }, expiresAt: { gt: now } };
}
