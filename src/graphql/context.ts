import type { ClientInfo } from '../shared/client-info.js';
import type { Viewer } from '../tokens/viewer.js';

/** What the access log says about an operation. */
export interface RequestOutcome {
  /** The name of the operation; without a name, that of its first root field. */
  operation?: string;
  /** Of the first error. */
  code?: unknown;
  reason?: unknown;
}

/** What every resolver knows about the request. */
export interface GraphContext {
  readonly viewer: Viewer;
  readonly clientInfo: ClientInfo;
  /** Identifies the request in the log. */
  readonly requestId: string;
  /** For the access log. */
  readonly outcome: RequestOutcome;
  /** Whether the client has closed its connection, so that nobody would receive the response. */
  isDisconnected(): boolean;
}
