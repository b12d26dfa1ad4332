/** How many of one kind are kept in words; all are counted. */
const KEPT = 5;

/**
 * What was acknowledged, and what must not be. A session is `{ id, account, authToken, refreshToken, refreshTokens,
 * endedAt }`; it is over from the moment `endedAt` (of performance.now()) at which its ending was acknowledged.
 */
export function openLedger() {
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
    const known = violations.get(kind) ?? { count: 0, details: [] };
    violations.set(kind, known);
    known.count += 1;
    if (known.details.length < KEPT) known.details.push(detail);
  }

  function hold(session, { authToken, refreshToken }) {
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
    answered(status, ms, what) {
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (ms > longest.ms) longest = { ms, what: `${status} to ${what}` };
    },
    lost: (why) => (losses[why] = (losses[why] ?? 0) + 1),
    loggedIn(account, pair) {
      const session = { id: pair.session.id, account, refreshTokens: new Set(), endedAt: undefined };
      if (sessions.has(session.id)) violation('one session for two logins', session.id);
      sessions.set(session.id, session);
      hold(session, pair);
      return session;
    },
    /** An answer to `shown`: every answer to it must be the same, and to nothing else. */
    refreshed(session, shown, pair) {
      const { refreshToken } = pair;
      const [other, origin] = [successors.get(shown) ?? refreshToken, predecessors.get(refreshToken) ?? shown];
      if (other !== refreshToken) violation('two successors of one refresh token', session.id);
      if (origin !== shown) violation('one successor of two refresh tokens', session.id);
      if (pair.session.id !== session.id) violation("another session's tokens", session.id);
      successors.set(shown, refreshToken);
      predecessors.set(refreshToken, shown);
      hold(session, pair);
    },
    held: hold,
    ended(session, at) {
      session.endedAt ??= at;
    },
    wrote: (id, post) => posts.set(id, post),
  };
}
