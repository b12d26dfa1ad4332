import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { isPercentEncodedUtf8, isWellFormed } from './unicode.js';

/** Node uses the first of several headers with such a name. A proxy may use another one. */
const SINGLETONS = new Set(['authorization', 'host', 'content-type', 'content-encoding']);
const NOT_UTF8 = /charset\s*=(?!\s*"?utf-?8\b)/i;
const MAX_ORIGINS = 100;

/** The name of a header that the request repeats although it is allowed only once. */
export function duplicateHeader({ raw: { rawHeaders } }: FastifyRequest): string | undefined {
  const found = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    if (!SINGLETONS.has(name)) continue;
    if (found.has(name)) return name;
    found.add(name);
  }
  return undefined;
}

/** Whether the body has an encoding or character set that this server does not decode (RFC 9110 §15.5.16). */
export function hasUnsupportedEncoding({ headers }: FastifyRequest): boolean {
  const encoding = headers['content-encoding'] || 'identity';
  return encoding.toLowerCase() !== 'identity' || NOT_UTF8.test(headers['content-type'] ?? '');
}

/** RFC 9112 §3.2: only HTTP/1.0 allows a request without Host. */
export function lacksHost({ raw }: FastifyRequest): boolean {
  return raw.headers.host === undefined && raw.httpVersion === '1.1';
}

/**
 * RFC 9112 §3.2: an invalid Host header is a 400, and so is an X-Forwarded-Proto without a scheme. Apollo's integration makes
 * a URL of both. A server has few names, so valid ones are cached.
 */
export function originCheck(): (request: FastifyRequest) => boolean {
  const valid = new LRUCache<string, true>({ max: MAX_ORIGINS });
  return ({ protocol, hostname }) => {
    const origin = `${protocol}://${hostname}/`;
    if (valid.has(origin)) return true;
    if (!URL.canParse(origin)) return false;
    valid.set(origin, true);
    return true;
  };
}

/** Whether the parameters of a GET are text. Otherwise Node would change them silently. */
export function hasTextParameters(url: string): boolean {
  const queryString = queryStringOf(url);
  if (!isPercentEncodedUtf8(queryString)) return false;
  const variables = new URLSearchParams(queryString).get('variables') ?? '';
  try {
    JSON.parse(variables);
    return isWellFormed(variables);
  } catch {
    return true; // Apollo Server rejects what is not JSON
  }
}

function queryStringOf(url: string): string {
  const start = url.indexOf('?');
  return start < 0 ? '' : url.slice(start + 1);
}

/** Removes parameters with an empty value, which GraphQL over HTTP treats as absent. */
export function withoutEmptyParameters(url: string): string {
  const start = url.indexOf('?');
  if (start < 0) return url;
  const parameters = [...new URLSearchParams(url.slice(start))].filter(([, value]) => value !== '');
  return `${url.slice(0, start)}?${new URLSearchParams(parameters)}`;
}
