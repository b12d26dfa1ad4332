import type { ClientInfo } from '../shared/client-info.js';
import type { Viewer } from '../tokens/viewer.js';

/** The facts about an operation for the access log. */
export interface RequestOutcome {
  /** The name of the operation; without a name, that of its first root field. */
  operation?: string | undefined;
  /** Of the first error. */
  code?: unknown;
  reason?: unknown;
}

/** When an operation must end. */
export interface Deadline {
  /** Aborts at the deadline. Its reason is the failure to throw. */
  readonly signal: AbortSignal;
  /** Whether the request fails at the deadline. False until the operation is known to be a query. */
  isOfQuery: boolean;
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
  /** Whether work that has not begun is useless: the client has closed its connection, or the deadline has passed. */
  isAbandoned(): boolean;
}
