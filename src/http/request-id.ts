import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { IsTrusted } from './trusted-proxies.js';

const REQUEST_ID = /^[\w.:-]{8,128}$/;
/** W3C Trace Context §3.2. */
const TRACEPARENT = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}/;

/**
 * Takes the X-Request-Id of a trusted proxy if it is 8 to 128 harmless characters, and otherwise makes a new one. A client
 * could give all its requests the same ID, or that of somebody else's request.
 */
export function requestIds(isTrusted: IsTrusted): (request: IncomingMessage) => string {
  return ({ headers, socket }) => {
    const given = headers['x-request-id'];
    return typeof given === 'string' && REQUEST_ID.test(given) && isTrusted(socket.remoteAddress)
      ? given
      : randomUUID();
  };
}

/** The trace ID of the `traceparent` header. */
export function traceIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
  const { traceparent } = headers;
  return typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent)?.[1] : undefined;
}
