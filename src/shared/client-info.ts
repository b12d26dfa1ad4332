/** The client of a request. */
export interface ClientInfo {
  readonly ipAddress: string;
  readonly userAgent: string | undefined;
  /** Identifies the request in the log and in the security events that it causes. */
  readonly requestId: string;
}

const MAX_USER_AGENT_LENGTH = 256;

export function clientInfoOf(ipAddress: string, userAgent: string | undefined, requestId: string): ClientInfo {
  return { ipAddress, userAgent: userAgent?.slice(0, MAX_USER_AGENT_LENGTH), requestId };
}
