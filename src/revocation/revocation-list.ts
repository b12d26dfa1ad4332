import type { Role } from '../database/generated/enums.js';
import type { Clock } from '../shared/clock.js';
import type { AuthTokenClaims } from '../tokens/auth-token.js';

/** A token's `iat` may be some seconds in the future, and a revocation is dated when its transaction began. */
const MARGIN_SECONDS = 60;

export type Verdict = 'valid' | 'revoked' | 'stale';

/**
 * The sessions that were revoked or cut, and the roles that changed, within the last auth-token lifetime. Older entries are not
 * needed: every auth token that they concern has expired.
 */
export interface RevocationList {
  /** Whether an authentic token is revoked or stale. No I/O. */
  verdict(claims: Pick<AuthTokenClaims, 'sub' | 'sid' | 'gen' | 'role'>): Verdict;
  /** Adds a revocation, unless the list has it. */
  sessionEnded(sessionId: string, atMs: number): void;
  /** Voids the tokens of a session that are older than `generation`. */
  sessionCut(sessionId: string, generation: number, atMs: number): void;
  roleChanged(accountId: string, role: Role, atMs: number): void;
}

export function revocationList(clock: Clock, authTokenTtlSeconds: number): RevocationList {
  const endedAtMs = new Map<string, number>();
  const cuts = new Map<string, { generation: number; atMs: number }>();
  const roles = new Map<string, { role: Role; atMs: number }>();
  let sweepAtMs = 0;

  /** Evicts what is older than a lifetime; at most once a second, so that many revocations at once stay cheap. */
  function sweep(): void {
    const nowMs = clock.nowMs();
    if (nowMs < sweepAtMs) return;
    sweepAtMs = nowMs + 1000;
    const horizonMs = nowMs - (authTokenTtlSeconds + MARGIN_SECONDS) * 1000;
    for (const [sessionId, atMs] of endedAtMs) if (atMs < horizonMs) endedAtMs.delete(sessionId);
    for (const [sessionId, { atMs }] of cuts) if (atMs < horizonMs) cuts.delete(sessionId);
    for (const [accountId, { atMs }] of roles) if (atMs < horizonMs) roles.delete(accountId);
  }

  return {
    verdict({ sub, sid, gen, role }) {
      if (endedAtMs.has(sid)) return 'revoked';
      const cut = cuts.get(sid);
      if (cut && gen < cut.generation) return 'stale';
      const changed = roles.get(sub);
      return changed && changed.role !== role ? 'stale' : 'valid';
    },
    sessionEnded(sessionId, atMs) {
      sweep();
      if (!endedAtMs.has(sessionId)) endedAtMs.set(sessionId, atMs);
    },
    sessionCut(sessionId, generation, atMs) {
      sweep();
      const cut = cuts.get(sessionId);
      if (!cut || cut.generation < generation) cuts.set(sessionId, { generation, atMs });
    },
    roleChanged(accountId, role, atMs) {
      sweep();
      if (roles.get(accountId)?.role !== role) roles.set(accountId, { role, atMs });
    },
  };
}
