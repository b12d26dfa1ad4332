/** How many violations of one kind are described; all are counted. */
const DESCRIBED = 5;

/**
 * What the servers acknowledged, and which promises they broke. A session is `{ id, account, authToken, refreshToken,
 * refreshTokens, voidTokens, revokedAt }`. `voidTokens` are the refresh tokens from before a change of the password. `revokedAt` is the time (of performance.now()) at which its revocation was acknowledged.
 */
export function openHistory() {
  const sessions = new Map();
  const posts = new Map();
  const successors = new Map();
  const predecessors = new Map();
  const violations = new Map();
  const counts = {};
  const statuses = {};
  const losses = {};
  let longest = { ms: 0, what: 'none' };

  function violation(kind, detail) {
    const recorded = violations.get(kind) ?? { count: 0, details: [] };
    violations.set(kind, recorded);
    recorded.count += 1;
    if (recorded.details.length < DESCRIBED) recorded.details.push(detail);
  }

  function issued(session, { authToken, refreshToken }) {
    Object.assign(session, { authToken, refreshToken });
    session.refreshTokens.add(refreshToken);
  }

  return {
    sessions,
    posts,
    violations,
    counts,
    statuses,
    losses,
    violation,
    longest: () => longest,
    count: (what, by = 1) => (counts[what] = (counts[what] ?? 0) + by),
    responded(status, ms, what) {
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (ms > longest.ms) longest = { ms, what: `${status} to ${what}` };
    },
    lost: (why) => (losses[why] = (losses[why] ?? 0) + 1),
    loggedIn(account, pair) {
      const session = { id: pair.session.id, account, refreshTokens: new Set(), voidTokens: [], revokedAt: undefined };
      if (sessions.has(session.id)) violation('one session for two logins', session.id);
      sessions.set(session.id, session);
      issued(session, pair);
      return session;
    },
    /** Every response to `presented` must have the same successor, and no other token may have that successor. */
    refreshed(session, presented, pair) {
      const { refreshToken } = pair;
      const [other, origin] = [successors.get(presented) ?? refreshToken, predecessors.get(refreshToken) ?? presented];
      if (other !== refreshToken) violation('two successors of one refresh token', session.id);
      if (origin !== presented) violation('one successor of two refresh tokens', session.id);
      if (pair.session.id !== session.id) violation("another session's tokens", session.id);
      successors.set(presented, refreshToken);
      predecessors.set(refreshToken, presented);
      issued(session, pair);
    },
    /** A change of the password: only this pair continues. */
    cut(session, pair) {
      session.voidTokens.push(...session.refreshTokens);
      session.refreshTokens.clear();
      issued(session, pair);
    },
    revoked(session, at) {
      session.revokedAt ??= at;
    },
    wrote: (id, post) => posts.set(id, post),
  };
}
