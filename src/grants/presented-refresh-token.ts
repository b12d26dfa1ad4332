import type { KeyRing, RefreshKey } from '../keys/key-ring.js';
import { isAuthentic, parseRefreshToken } from '../tokens/refresh-token.js';
import type { SessionStore } from '../sessions/session-store.js';
import type { SessionRow } from '../sessions/session-row.js';

/** An authentic refresh token and its session. Either may be expired or revoked. */
export interface PresentedRefreshToken {
  readonly session: SessionRow;
  readonly generation: number;
  readonly refreshKey: RefreshKey;
}

/** Why a refresh token is not authentic. For the log only: a client must not learn it. */
export interface ForgedRefreshToken {
  readonly cause: string;
  readonly sessionId?: string;
  /** Whether no session with this ID exists, such as after it was deleted. */
  readonly isOfNoSession?: boolean;
}

/**
 * Finds the session of a refresh token. Says why if the token is not authentic: a guess must have no effect on any
 * session.
 */
export async function presentedRefreshToken(
  refreshToken: string,
  store: SessionStore,
  ring: KeyRing,
): Promise<PresentedRefreshToken | ForgedRefreshToken> {
  const parts = parseRefreshToken(refreshToken);
  if (!parts) return { cause: 'the token is malformed' };
  const { sessionId } = parts;
  const session = await store.find(sessionId);
  if (!session) return { cause: 'the session does not exist', sessionId, isOfNoSession: true };
  const refreshKey = ring.refreshKeys.get(session.refreshKeyId);
  if (!refreshKey) return { cause: `the key ring has no refresh key ${session.refreshKeyId}`, sessionId };
  if (!isAuthentic(parts, { salt: session.salt, secret: refreshKey.secret })) {
    return { cause: 'the MAC is wrong', sessionId };
  }
  // The generation of an authentic token can only be too high if the database was restored to an earlier state.
  if (parts.generation > session.generation) return { cause: 'the token is newer than its session', sessionId };
  return { session, generation: parts.generation, refreshKey };
}
