import { Failure } from '../errors/failure.js';
import { ErrorReason } from '../errors/error-codes.js';
import type { Viewer } from '../tokens/viewer.js';

export interface Status {
  readonly state: 'NONE' | 'VALID' | 'REJECTED';
  readonly reason: ErrorReason | null;
  readonly expiresAt: Date | null;
}

/** The status of a viewer's token. @throws Failure SERVICE_UNAVAILABLE if the server cannot know it, because the database does not respond */
export function statusOf(viewer: Viewer): Status {
  switch (viewer.state) {
    case 'anonymous':
      return { state: 'NONE', reason: ErrorReason.TOKEN_MISSING, expiresAt: null };
    case 'authenticated':
      return { state: 'VALID', reason: null, expiresAt: viewer.expiresAt };
    case 'rejected': {
      const expiresAt = 'expiresAt' in viewer ? viewer.expiresAt : null;
      return { state: 'REJECTED', reason: ErrorReason[viewer.reason], expiresAt };
    }
    case 'indeterminate':
      throw new Failure('SERVICE_UNAVAILABLE', { cause: viewer.cause });
  }
}
