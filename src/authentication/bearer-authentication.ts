import type { AccountStore } from '../accounts/account-store.js';
import { mayLogIn } from '../accounts/may-log-in.js';
import type { BoundedCache } from '../shared/bounded-cache.js';
import type { Clock } from '../shared/clock.js';
import {
  verifyAuthToken,
  type AuthTokenClaims,
  type AuthTokenSettings,
  type Verification,
} from '../tokens/auth-token.js';
import type { KeyRing } from '../keys/key-ring.js';
import type { SeenSessions } from './seen-sessions.js';
import type { RevocationFeed } from '../revocation/feed.js';
import type { RevocationList } from '../revocation/revocation-list.js';
import type { SessionStore } from '../sessions/session-store.js';
import type { AuthenticatedViewer, OutdatedViewer, Viewer } from '../tokens/viewer.js';

export interface AuthenticationSettings {
  /** How many verified auth tokens a process caches, about 1 kB each. Evicted tokens are verified again. */
  readonly cachedTokens: number;
  /** How many sessions a process caches, about 250 bytes each. Rows of evicted sessions are read again. */
  readonly cachedSessions: number;
}

const SCHEME = /^bearer +/i;

export interface Authentication {
  /**
   * Turns an Authorization header into a Viewer. Never throws: clients send a stale header along with `login` and
   * `refreshToken` too. In the ordinary case it reads no database and verifies each token once.
   */
  authenticate(authorization: string | undefined): Viewer | Promise<Viewer>;
  /**
   * Reads the rows of a viewer whose operation will change something. Another process may have revoked the session a
   * moment ago, and this process may not know it yet.
   */
  confirm(viewer: AuthenticatedViewer): Promise<Viewer>;
}

export type Authenticate = Authentication['authenticate'];
export type ConfirmViewer = Authentication['confirm'];

/** The claims that the rows are compared with. */
type SessionClaims = Pick<AuthTokenClaims, 'sub' | 'sid' | 'gen' | 'role' | 'exp'>;

export interface AuthenticationParts {
  readonly settings: AuthTokenSettings;
  /** The claims of authentic tokens, by token. */
  readonly verified: BoundedCache<AuthTokenClaims>;
  readonly ring: () => KeyRing;
  readonly clock: Clock;
  readonly store: SessionStore;
  readonly accounts: Pick<AccountStore, 'find'>;
  readonly seen: SeenSessions;
  readonly revocations: RevocationList;
  readonly feed: Pick<RevocationFeed, 'isFresh'>;
}

export function authentication(parts: AuthenticationParts): Authentication {
  const { clock, store, accounts, seen, revocations, feed } = parts;
  const verify = verifiedTokens(parts);

  return {
    authenticate,
    confirm: ({ accountId: sub, sessionId: sid, generation: gen, role, expiresAt }) =>
      checkSession({ sub, sid, gen, role, exp: expiresAt.getTime() / 1000 }),
  };

  function authenticate(authorization: string | undefined): Viewer | Promise<Viewer> {
    if (!authorization || !SCHEME.test(authorization)) return { state: 'anonymous' };
    const verification = verify(authorization.replace(SCHEME, ''));
    if (verification.outcome === 'invalid') return { state: 'rejected', reason: 'TOKEN_INVALID' };
    const { claims } = verification;
    if (verification.outcome === 'expired') return outdated(claims, 'TOKEN_EXPIRED');
    if (verification.outcome === 'stale') return outdated(claims, 'TOKEN_STALE');
    const verdict = revocations.verdict(claims);
    if (verdict === 'revoked') return revoked(claims);
    if (verdict === 'stale') return outdated(claims, 'TOKEN_STALE');
    if (feed.isFresh() && seen.has(claims.sid, claims.sub)) return authenticated(claims);
    return checkSession(claims);
  }

  /** Reads the rows: for a session that this process has not seen, while the revocation feed is not fresh, and before mutations. */
  async function checkSession(claims: SessionClaims): Promise<Viewer> {
    try {
      const [session, account] = await Promise.all([store.find(claims.sid), accounts.find(claims.sub)]);
      // The token is authentic, so its session existed. It was deleted with its account.
      if (!account || !session) return revoked(claims);
      if (session.accountId !== claims.sub) return { state: 'rejected', reason: 'TOKEN_INVALID' };
      if (session.endedAt || !mayLogIn(account)) return revoked(claims);
      if (account.role !== claims.role || claims.gen < session.cutGeneration) return outdated(claims, 'TOKEN_STALE');
      seen.add(claims.sid, claims.sub);
      return authenticated(claims);
    } catch (cause) {
      return { state: 'indeterminate', cause };
    }
  }

  function authenticated(claims: SessionClaims): Viewer {
    seen.recordUse(claims.sid, claims.gen);
    const { sub: accountId, sid: sessionId, gen: generation, role, exp } = claims;
    return { state: 'authenticated', accountId, sessionId, generation, role, expiresAt: new Date(exp * 1000) };
  }

  function revoked({ sub: accountId, sid: sessionId, gen: generation }: SessionClaims): Viewer {
    return { state: 'rejected', reason: 'TOKEN_REVOKED', accountId, sessionId, generation };
  }

  function outdated(claims: SessionClaims, reason: OutdatedViewer['reason']): Viewer {
    const { sub: accountId, sid: sessionId, gen: generation, exp } = claims;
    return { state: 'rejected', reason, accountId, sessionId, generation, expiresAt: new Date(exp * 1000) };
  }

  /** Verification with a bounded cache of authentic tokens, which is cleared when the key ring changes. */
  function verifiedTokens({ settings, ring, verified }: AuthenticationParts): (token: string) => Verification {
    let verifiedWith: KeyRing | undefined;
    return (token) => {
      const currentRing = ring();
      if (currentRing !== verifiedWith) verified.clear();
      verifiedWith = currentRing;
      const nowMs = clock.nowMs();
      const claims = verified.get(token);
      if (claims) return { outcome: nowMs < claims.exp * 1000 ? 'verified' : 'expired', claims };
      const verification = verifyAuthToken(token, currentRing, settings, nowMs);
      if (verification.outcome === 'verified' || verification.outcome === 'expired')
        verified.set(token, verification.claims);
      return verification;
    };
  }
}
