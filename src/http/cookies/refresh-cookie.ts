import { parseRefreshToken } from '../../tokens/refresh-token.js';

/**
 * A cookie of ours: one for each refresh token. The name contains the session and the generation, so that a late response
 * cannot overwrite the cookie of a newer generation.
 */
export interface RefreshCookie {
  readonly name: string;
  readonly sessionId: string;
  readonly generation: number;
  /** Undefined if the value is not a refresh token of this session and generation. */
  readonly token: string | undefined;
}

const NAME = /^__Host-tandem-([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})-([1-9]\d{0,14})$/;
/** Browsers accept a `__Host-` cookie only with Secure and Path=/, and without Domain (RFC 6265bis §4.1.3.2). */
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict';

/**
 * The cookies of a Cookie header that have our names. Headers have at most 16 KB, so these are a few hundred at most. If some were left
 * out, forged ones could displace the authentic one.
 */
export function refreshCookies(header: string | undefined): RefreshCookie[] {
  const found: RefreshCookie[] = [];
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=');
    const [name, value] = [pair.slice(0, Math.max(equals, 0)).trim(), pair.slice(equals + 1).trim()];
    const [, a, b, c, d, e, generation] = NAME.exec(name) ?? [];
    if (generation === undefined) continue;
    const named = { name, sessionId: [a, b, c, d, e].join('-'), generation: Number(generation) };
    found.push({ ...named, token: isTokenOf(value, named) ? value : undefined });
  }
  return found;
}

/** The value of a Set-Cookie header. The browser deletes the cookie when the refresh token expires. */
export function setCookie(sessionId: string, generation: number, token: string, seconds: number): string {
  return `${nameOf(sessionId, generation)}=${token}; ${ATTRIBUTES}; Max-Age=${seconds}`;
}

export function expireCookie({ name }: RefreshCookie): string {
  return `${name}=; ${ATTRIBUTES}; Max-Age=0`;
}

function nameOf(sessionId: string, generation: number): string {
  return `__Host-tandem-${sessionId.replaceAll('-', '')}-${generation}`;
}

function isTokenOf(value: string, { sessionId, generation }: Pick<RefreshCookie, 'sessionId' | 'generation'>): boolean {
  const parts = parseRefreshToken(value);
  return parts?.sessionId === sessionId && parts.generation === generation;
}
