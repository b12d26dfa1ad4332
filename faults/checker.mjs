import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { LOG_IN, ME, REFRESH } from './operations.mjs';

/** The previous refresh token stays valid for 10 seconds after a rotation (REFRESH_GRACE_SECONDS). */
const GRACE_MS = 10_500;
/** At most so many refresh tokens of one session are presented. */
const MOST_PRESENTED = 12;

/** Compares what is stored with what was acknowledged. Runs after all faults, without other requests. */
export async function checkHistory({ wire, servers, history, postgres, accounts, random }) {
  const limit = pLimit(30);
  const inParallel = (items, work) => Promise.all(items.map((item) => limit(() => work(item))));
  const anyServer = () => random.pick(servers);
  const exchange = (refreshToken, server = anyServer()) =>
    wire.sendUntilServed(server, { query: REFRESH, variables: { input: { refreshToken } } });
  const sessions = [...history.sessions.values()];
  const revoked = sessions.filter(({ revokedAt }) => revokedAt !== undefined);
  const live = sessions.filter(({ revokedAt, lost }) => revokedAt === undefined && !lost);
  const checked = {};

  async function posts() {
    const rows = await postgres.query('SELECT id, title, body FROM "Post"');
    const stored = new Map(rows.map((row) => [row.id, row]));
    for (const [id, { title, body, deleted }] of history.posts) {
      const row = stored.get(id);
      if (deleted && row) history.violation('an acknowledged deletion is lost', id);
      if (!deleted && !row) history.violation('an acknowledged post is lost', id);
      if (!deleted && row && (row.title !== title || row.body !== body)) {
        history.violation('an acknowledged change of a post is lost', id);
      }
    }
    checked.posts = history.posts.size;
  }

  async function sessionRows() {
    const stored = await postgres.query('SELECT id, generation, "endedAt", "endedReason" FROM "Session"');
    const byId = new Map(stored.map((row) => [row.id, row]));
    for (const { id, refreshToken, revokedAt, lost } of sessions) {
      const row = byId.get(id);
      if (!row) history.violation('an acknowledged login is lost', id);
      else if (revokedAt !== undefined && !row.endedAt) history.violation('an acknowledged revocation is lost', id);
      else if (revokedAt === undefined && !lost && row.endedAt)
        history.violation('logged out without a reason', `${id} ${row.endedReason}`);
      // If one response was lost, the row is one generation ahead of the client, and the client's token is still valid.
      const ahead = row ? row.generation - generationOf(refreshToken) : 0;
      if (!lost && (ahead < 0 || ahead > 1)) history.violation('a generation was lost or skipped', `${id} by ${ahead}`);
    }
    checked.sessions = sessions.length;
  }

  async function revocations() {
    await inParallel(revoked, async ({ id, authToken, refreshToken }) => {
      for (const server of servers) {
        const reply = await wire.sendUntilServed(server, { query: ME, token: authToken });
        if (reply.status !== 401) history.violation('a revoked auth token is accepted', `${id}: ${reply.status}`);
      }
      const reply = await exchange(refreshToken);
      if (reply.reason !== 'REFRESH_TOKEN_REVOKED') {
        history.violation('a revoked refresh token is not rejected', `${id}: ${reply.status} ${reply.reason}`);
      }
    });
    checked.revoked = revoked.length;
  }

  async function passwords() {
    const logIn = (email, password) =>
      wire.sendUntilServed(anyServer(), { query: LOG_IN, variables: { input: { email, password } } });
    await inParallel(accounts, async ({ email, password, previousPassword }) => {
      const reply = await logIn(email, password);
      if (reply.status !== 200) history.violation('an acknowledged password is rejected', `${email}: ${reply.status}`);
      if (!previousPassword) return;
      const previous = await logIn(email, previousPassword);
      if (previous.reason !== 'WRONG_EMAIL_OR_PASSWORD') {
        history.violation('a previous password is accepted', `${email}: ${previous.status}`);
      }
    });
    checked.passwords = accounts.length;
  }

  /** Every session that was not revoked continues with its current refresh token. */
  async function liveSessions() {
    await inParallel(live, async (session) => {
      const presented = session.refreshToken;
      const reply = await exchange(presented);
      if (reply.status !== 200) {
        history.violation('logged out without a reason', `${session.id}: ${reply.status} ${reply.reason}`);
        session.lost = true;
        return;
      }
      history.refreshed(session, presented, reply.data.refreshToken);
      const next = await wire.sendUntilServed(anyServer(), { query: ME, token: session.authToken });
      if (next.status !== 200) history.violation('a new auth token is rejected', `${session.id}: ${next.status}`);
    });
    checked.live = live.length;
  }

  /** Once the successor was seen, presenting a previous token revokes the session, and with it all its tokens. */
  async function previousTokens() {
    let presented = 0;
    await inParallel(
      live.filter(({ lost }) => !lost),
      async ({ id, refreshToken, refreshTokens, voidTokens }) => {
        for (const token of random.shuffled(voidTokens).slice(0, MOST_PRESENTED)) {
          const { status, reason } = await exchange(token);
          if (reason !== 'REFRESH_TOKEN_SUPERSEDED')
            history.violation('a refresh token from before a password change', `${id}: ${status} ${reason}`);
        }
        const tokens = random.shuffled([...refreshTokens].filter((token) => token !== refreshToken));
        const [first, ...others] = [...tokens.slice(0, MOST_PRESENTED), refreshToken];
        const reply = await exchange(first);
        if (reply.reason !== 'REFRESH_TOKEN_REUSED') {
          history.violation('two valid refresh tokens', `${id}: ${reply.status} ${reply.reason}`);
        }
        for (const token of others) {
          const { status, reason } = await exchange(token);
          if (reason !== 'REFRESH_TOKEN_REVOKED')
            history.violation('two valid refresh tokens', `${id}: ${status} ${reason}`);
        }
        presented += others.length + 1;
      },
    );
    checked['previous tokens'] = presented;
  }

  await posts();
  await sessionRows();
  await revocations();
  await passwords();
  await liveSessions();
  await delay(GRACE_MS);
  await previousTokens();
  return checked;
}

/** 6 bytes after the 16 bytes of the session id. */
function generationOf(refreshToken) {
  return Buffer.from(refreshToken.slice('tandem_rt_'.length), 'base64url').readUIntBE(16, 6);
}
