import type { Deadline } from '../shared/deadline.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { Viewer } from '../tokens/viewer.js';
import type { RefreshTokenTransport } from './refresh-token-transport.js';

/** The facts about an operation for the access log. */
export interface RequestOutcome {
  /** The name of the operation; without a name, that of its first root field. */
  operation?: string | undefined;
  /** How much work the operation is; see api/operation-size.ts. */
  cost?: number;
  /** Of the first error. */
  code?: unknown;
  reason?: unknown;
}

/** How far a request came. An object of its own, because Apollo Server copies the context. */
export interface RequestProgress {
  /** Whether operation authorization allowed the operation, which then has at most one mutation. */
  isAuthorized: boolean;
}

/** The facts about a request that every resolver receives. */
export interface GraphContext {
  /** Operation authorization confirms it before a mutation. */
  viewer: Viewer;
  readonly clientInfo: ClientInfo;
  /** Identifies the request in the log. */
  readonly requestId: string;
  /** For the access log. */
  readonly outcome: RequestOutcome;
  readonly deadline: Deadline;
  readonly refreshTokens: RefreshTokenTransport;
  /** Whether work that has not begun is useless: the client has closed its connection, or the deadline has passed. */
  isAbandoned(): boolean;
  readonly progress: RequestProgress;
}
