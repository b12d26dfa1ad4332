import type { Role } from '../database/generated/enums.js';

/** Who sends a request, as far as its Authorization header proves it. */
export type Viewer =
  /** No Bearer token was sent. */
  | { readonly state: 'anonymous' }
  | AuthenticatedViewer
  | OutdatedViewer
  | { readonly state: 'rejected'; readonly reason: 'TOKEN_INVALID' | 'TOKEN_REVOKED' }
  /** The token is authentic, but whether it was revoked cannot be known now: the database does not answer. */
  | { readonly state: 'unchecked'; readonly cause: unknown };

export interface AuthenticatedViewer {
  readonly state: 'authenticated';
  readonly accountId: string;
  readonly sessionId: string;
  readonly role: Role;
  readonly expiresAt: Date;
}

/** An authentic token that has merely expired, or says what is no longer so. It may log its own session out. */
export interface OutdatedViewer {
  readonly state: 'rejected';
  readonly reason: 'TOKEN_EXPIRED' | 'TOKEN_STALE';
  readonly accountId: string;
  readonly sessionId: string;
  readonly expiresAt: Date;
}
