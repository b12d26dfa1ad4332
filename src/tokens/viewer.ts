import type { Role } from '../database/generated/enums.js';
import { Failure } from '../errors/failure.js';

/** The authenticated party of a request, as far as its Authorization header proves it. */
export type Viewer =
  /** The request carries no Bearer token. */
  | { readonly state: 'anonymous' }
  | AuthenticatedViewer
  | OutdatedViewer
  | RevokedViewer
  | { readonly state: 'rejected'; readonly reason: 'TOKEN_INVALID' }
  /** The token is authentic, but the database does not respond, so the server cannot know whether it was revoked. */
  | { readonly state: 'indeterminate'; readonly cause: unknown };

export interface AuthenticatedViewer {
  readonly state: 'authenticated';
  readonly accountId: string;
  readonly sessionId: string;
  /** Which refresh token the auth token was issued with. */
  readonly generation: number;
  readonly role: Role;
  readonly expiresAt: Date;
}

/** An authentic token that has expired, or whose claims are out of date. Its holder may still log its session out. */
export interface OutdatedViewer {
  readonly state: 'rejected';
  readonly reason: 'TOKEN_EXPIRED' | 'TOKEN_STALE';
  readonly accountId: string;
  readonly sessionId: string;
  readonly generation: number;
  readonly expiresAt: Date;
}

/** An authentic token of a session that was revoked. Its holder may repeat a logout. */
export interface RevokedViewer {
  readonly state: 'rejected';
  readonly reason: 'TOKEN_REVOKED';
  readonly accountId: string;
  readonly sessionId: string;
  readonly generation: number;
}

/** Why a protected field rejects this viewer; undefined for an authenticated one. */
export function rejectionOf(viewer: AuthenticatedViewer): undefined;
export function rejectionOf(viewer: Exclude<Viewer, AuthenticatedViewer>): Failure;
export function rejectionOf(viewer: Viewer): Failure | undefined;
export function rejectionOf(viewer: Viewer): Failure | undefined {
  switch (viewer.state) {
    case 'authenticated':
      return undefined;
    case 'anonymous':
      return new Failure('TOKEN_MISSING');
    case 'rejected':
      return new Failure(viewer.reason);
    case 'indeterminate':
      return new Failure('SERVICE_UNAVAILABLE', { cause: viewer.cause });
  }
}
