import jwt, { type JwtPayload } from 'jsonwebtoken';
import { z } from 'zod';
import { Role } from '../database/generated/enums.js';
import { isId } from '../shared/id.js';
import type { KeyRing, SigningKey } from '../keys/key-ring.js';
import { scopesOf } from './scopes.js';

/** The claims of an auth token (RFC 9068 §2.2). No private data. Times are whole seconds since the epoch. */
export interface AuthTokenClaims {
  /** The account. */
  readonly sub: string;
  /** The session. */
  readonly sid: string;
  /** The generation of the refresh token that was issued together with this token. */
  readonly gen: number;
  readonly role: Role;
  readonly jti: string;
  readonly iat: number;
  /** Exact: the token is valid before this second, and no longer in it. */
  readonly exp: number;
}

export type Verification =
  | { readonly outcome: 'verified'; readonly claims: AuthTokenClaims }
  | { readonly outcome: 'expired'; readonly claims: AuthTokenClaims }
  /** Issued in the future: the clock of this machine, or of the one that issued it, was wrong. */
  | { readonly outcome: 'stale'; readonly claims: AuthTokenClaims }
  | { readonly outcome: 'invalid' };

export interface AuthTokenSettings {
  readonly ttlSeconds: number;
  /** The `iss` and `aud` claims, matched exactly. */
  readonly issuer: string;
  readonly audience: string;
  /** The `client_id` claim (RFC 9068). */
  readonly clientId: string;
}

const INVALID: Verification = { outcome: 'invalid' };
const MAX_TOKEN_LENGTH = 4096;
const MAX_CLOCK_LEAD_SECONDS = 5;
const TYPES = new Set(['at+jwt', 'application/at+jwt']);

const claimsSchema = z.object({
  sub: z.string().refine(isId),
  sid: z.string().refine(isId),
  gen: z.int().positive(),
  role: z.enum(Role),
  jti: z.string().min(1),
  iat: z.int().nonnegative(),
  exp: z.int().nonnegative(),
  nbf: z.int().default(0),
  client_id: z.string().min(1),
});

/** Signs an auth token with a key of the ring. */
export function signAuthToken(claims: AuthTokenClaims, key: SigningKey, settings: AuthTokenSettings): string {
  const scope = scopesOf(claims.role).join(' ');
  const payload = {
    iss: settings.issuer,
    aud: settings.audience,
    ...claims,
    client_id: settings.clientId,
    // For routers and other services (RFC 9068 §2.2.3). This service decides by the role.
    ...(scope !== '' && { scope }),
  };
  return jwt.sign(payload, key.privateKey, {
    algorithm: key.algorithm,
    header: { alg: key.algorithm, typ: 'at+jwt', kid: key.kid },
  });
}

/**
 * Verifies a token by its signature and claims alone, without database and revocations.
 * Returns the claims of expired tokens too, because a client may log out with one.
 */
export function verifyAuthToken(
  token: string,
  ring: KeyRing,
  settings: AuthTokenSettings,
  nowMs: number,
): Verification {
  if (token.length > MAX_TOKEN_LENGTH) return INVALID;
  const nowSeconds = Math.floor(nowMs / 1000);
  const payload = authenticPayload(token, ring, settings);
  const parsed = claimsSchema.safeParse(payload);
  if (!parsed.success) return INVALID;
  const { client_id: _, nbf, ...claims } = parsed.data;
  if (claims.exp <= claims.iat) return INVALID;
  // A wrong clock must not log anybody out: the client refreshes.
  if (Math.max(claims.iat, nbf) > nowSeconds + MAX_CLOCK_LEAD_SECONDS) return { outcome: 'stale', claims };
  // If the lifetime was shortened, it applies to older tokens too: the revocation list covers one lifetime, not more.
  const exp = Math.min(claims.exp, claims.iat + settings.ttlSeconds);
  return { outcome: exp <= nowSeconds ? 'expired' : 'verified', claims: { ...claims, exp } };
}

/** The payload, if a key of the ring signed it for our audience. `kid` selects the key; the key determines the algorithm. */
function authenticPayload(token: string, ring: KeyRing, settings: AuthTokenSettings): unknown {
  try {
    const header = jwt.decode(token, { complete: true })?.header;
    if (typeof header?.kid !== 'string' || typeof header.typ !== 'string') return undefined;
    // RFC 7515 §4.1.11: a token with an unknown critical extension is invalid. jsonwebtoken ignores `crit`.
    if ('crit' in header || !TYPES.has(header.typ.toLowerCase())) return undefined;
    const key = ring.signingKeys.get(header.kid);
    if (!key) return undefined;
    return jwt.verify(token, key.publicKey, {
      algorithms: [key.algorithm],
      issuer: settings.issuer,
      audience: settings.audience,
      // The caller checks all times: a token that is authentic is never invalid because of the time.
      ignoreExpiration: true,
      ignoreNotBefore: true,
    }) as JwtPayload | string;
  } catch {
    // jsonwebtoken also throws TypeError and SyntaxError for malformed tokens. It does no I/O, so the token is invalid.
    return undefined;
  }
}
