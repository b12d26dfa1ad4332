import type { KeyRing, RefreshKey } from '../keys/key-ring.js';
import { isAuthentic, parseRefreshToken } from '../tokens/refresh-token.js';
import type { SessionStore } from '../sessions/session-store.js';
import type { SessionRow } from '../sessions/session-row.js';

/** An authentic refresh token and the session that it belongs to, whatever has become of both. */
export interface PresentedRefreshToken {
  readonly session: SessionRow;
  readonly generation: number;
  readonly refreshKey: RefreshKey;
}

/**
 * Finds the session of a refresh token. `undefined` for everything that this server did not make: a guess must have no
 * effect on anybody's session.
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
  // Only a database put back to an earlier state can be behind one of its own tokens.
  if (parts.generation > session.generation) return undefined;
  return { session, generation: parts.generation, refreshKey };
}
