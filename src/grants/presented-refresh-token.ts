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

/**
 * Finds the session of a refresh token. `undefined` if the token is not authentic: a guess must have no effect on any
 * session.
 */
export async function presentedRefreshToken(
  refreshToken: string,
  store: SessionStore,
  ring: KeyRing,
): Promise<PresentedRefreshToken | undefined> {
  const parts = parseRefreshToken(refreshToken);
  if (!parts) return undefined;
  const session = await store.find(parts.sessionId);
  const refreshKey = session && ring.refreshKeys.get(session.refreshKeyId);
  if (!session || !refreshKey) return undefined;
  if (!isAuthentic(parts, { salt: session.salt, secret: refreshKey.secret })) return undefined;
  // The generation of an authentic token can only be too high if the database was restored to an earlier state.
  if (parts.generation > session.generation) return undefined;
  return { session, generation: parts.generation, refreshKey };
}
