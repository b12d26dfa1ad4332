import type { AuthenticatedViewer } from '../tokens/viewer.js';

/**
 * Rejects a viewer who did not prove who they are in this session recently. A higher folder implements it.
 * @throws Failure RECENT_LOGIN_REQUIRED, TOKEN_REVOKED
 */
export type RequireRecentLogin = (viewer: Pick<AuthenticatedViewer, 'sessionId'>) => Promise<void>;
