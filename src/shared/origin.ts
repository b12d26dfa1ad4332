/** Where a request came from, as far as the server can tell. */
export interface Origin {
  readonly ipAddress: string;
  readonly userAgent: string | undefined;
}

const MAX_USER_AGENT_LENGTH = 256;

export function originOf(ipAddress: string, userAgent: string | undefined): Origin {
  return { ipAddress, userAgent: userAgent?.slice(0, MAX_USER_AGENT_LENGTH) };
}
