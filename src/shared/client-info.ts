/** What the server knows of a request's client. */
export interface ClientInfo {
  readonly ipAddress: string;
  readonly userAgent: string | undefined;
}

const MAX_USER_AGENT_LENGTH = 256;

export function clientInfoOf(ipAddress: string, userAgent: string | undefined): ClientInfo {
  return { ipAddress, userAgent: userAgent?.slice(0, MAX_USER_AGENT_LENGTH) };
}
