import type { RequireRecentLogin } from '../accounts/require-recent-login.js';
import { Failure } from '../errors/failure.js';
import type { Clock } from '../shared/clock.js';
import type { SessionRow } from './session-row.js';
import type { SessionStore } from './session-store.js';

/** How long a proof of identity counts: a login, `reauthenticate`, or the current password of `changePassword`. */
const RECENT_MS = 600_000;
/** The clocks of processes on one database differ by less. */
const CLOCK_TOLERANCE_MS = 60_000;

/** The one function that decides whether a session may do what is sensitive. */
export function recentLogin(store: Pick<SessionStore, 'find'>, clock: Clock): RequireRecentLogin {
  return async ({ sessionId }) => {
    const session = await store.find(sessionId);
    if (!session || session.endedAt) throw new Failure('TOKEN_REVOKED');
    if (!isRecent(session, clock.nowMs())) throw new Failure('RECENT_LOGIN_REQUIRED');
  };
}

function isRecent({ authenticatedAt, createdAt }: SessionRow, nowMs: number): boolean {
  const ageMs = nowMs - (authenticatedAt ?? createdAt).getTime();
  // A proof from the future is from before the clock was set back.
  return ageMs <= RECENT_MS && ageMs >= -CLOCK_TOLERANCE_MS;
}
