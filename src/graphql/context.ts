import type { ClientInfo } from '../shared/client-info.js';
import type { Viewer } from '../tokens/viewer.js';

/** What every resolver knows about the request. */
export interface GraphContext {
  readonly viewer: Viewer;
  readonly clientInfo: ClientInfo;
  /** Identifies the request in the log. */
  readonly requestId: string;
  /** Whether the client has closed its connection, so that nobody would receive the response. */
  isDisconnected(): boolean;
}
