import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { LOG_IN, ME, REFRESH } from './operations.mjs';

/** For so long after a rotation the token before it may still be in flight. */
const GRACE_MS = 10_500;
/** How many tokens of one session are shown at most. */
const MOST_SHOWN = 12;

/** Compares what is there with what was acknowledged. The faults are over, and nothing else is asked meanwhile. */
export async function judge({ wire, servers, ledger, postgres, accounts, random }) {
  const limit = pLimit(30);
  const inParallel = (items, work) => Promise.all(items.map((item) => limit(() => work(item))));
  const anyServer = () => random.pick(servers);
  const exchange = (refreshToken, server = anyServer()) =>
    wire.ask(server, { query: REFRESH, variables: { input: { refreshToken } } });
  const sessions = [...ledger.sessions.values()];
  const over = sessions.filter(({ endedAt }) => endedAt !== undefined);
  const live = sessions.filter(({ endedAt, lost }) => endedAt === undefined && !lost);
  const found = {};

  async function posts() {
    const rows = await postgres.query('SELECT id, title, body FROM "Post"');
    const stored = new Map(rows.map((row) => [row.id, row]));
    for (const [id, { title, body, deleted }] of ledger.posts) {
      const row = stored.get(id);
      if (deleted && row) ledger.violation('an acknowledged deletion is undone', id);
      if (!deleted && !row) ledger.violation('an acknowledged post is lost', id);
      if (!deleted && row && (row.title !== title || row.body !== body)) {
        ledger.violation('an acknowledged change of a post is lost', id);
      }
    }
    found.posts = ledger.posts.size;
  }

  async function rows() {
    const stored = await postgres.query('SELECT id, generation, "endedAt", "endedReason" FROM "Session"');
    const byId = new Map(stored.map((row) => [row.id, row]));
    for (const { id, refreshToken, endedAt, lost } of sessions) {
      const row = byId.get(id);
      if (!row) ledger.violation('an acknowledged login is lost', id);
      else if (endedAt !== undefined && !row.endedAt) ledger.violation('an acknowledged ending is lost', id);
      else if (endedAt === undefined && !lost && row.endedAt)
        ledger.violation('logged out without a reason', `${id} ${row.endedReason}`);
      // One answer may have been lost; then the token before it is still good.
      const ahead = row ? row.generation - generationOf(refreshToken) : 0;
      if (ahead < 0 || ahead > 1) ledger.violation('a generation was lost or skipped', `${id} by ${ahead}`);
    }
    found.sessions = sessions.length;
  }

  async function endings() {
    await inParallel(over, async ({ id, authToken, refreshToken }) => {
      for (const server of servers) {
        const reply = await wire.ask(server, { query: ME, token: authToken });
        if (reply.status !== 401) ledger.violation('a revoked auth token is accepted', `${id}: ${reply.status}`);
      }
      const reply = await exchange(refreshToken);
      if (reply.reason !== 'REFRESH_TOKEN_REVOKED') {
        ledger.violation('a revoked refresh token is not refused', `${id}: ${reply.status} ${reply.reason}`);
      }
    });
    found.ended = over.length;
  }

  async function passwords() {
    const logIn = (email, password) =>
      wire.ask(anyServer(), { query: LOG_IN, variables: { input: { email, password } } });
    await inParallel(accounts, async ({ email, password, formerPassword }) => {
      const reply = await logIn(email, password);
      if (reply.status !== 200) ledger.violation('an acknowledged password is refused', `${email}: ${reply.status}`);
      if (!formerPassword) return;
      const former = await logIn(email, formerPassword);
      if (former.reason !== 'WRONG_EMAIL_OR_PASSWORD') {
        ledger.violation('a former password is not refused', `${email}: ${former.status}`);
      }
    });
    found.passwords = accounts.length;
  }

  /** Whoever did nothing wrong goes on with the last token. */
  async function goingOn() {
    await inParallel(live, async (session) => {
      const shown = session.refreshToken;
      const reply = await exchange(shown);
      if (reply.status !== 200) {
        ledger.violation('logged out without a reason', `${session.id}: ${reply.status} ${reply.reason}`);
        session.lost = true;
        return;
      }
      ledger.refreshed(session, shown, reply.data.refreshToken);
      const seen = await wire.ask(anyServer(), { query: ME, token: session.authToken });
      if (seen.status !== 200) ledger.violation('a new auth token is refused', `${session.id}: ${seen.status}`);
    });
    found.live = live.length;
  }

  /** Once the successor was seen, no other token of a session is good: showing one ends it, and then none is. */
  async function retired() {
    let shown = 0;
    await inParallel(
      live.filter(({ lost }) => !lost),
      async ({ id, refreshToken, refreshTokens }) => {
        const tokens = random.shuffled([...refreshTokens].filter((token) => token !== refreshToken));
        const [first, ...others] = [...tokens.slice(0, MOST_SHOWN), refreshToken];
        const reply = await exchange(first);
        if (reply.reason !== 'REFRESH_TOKEN_REUSED') {
          ledger.violation('two live refresh tokens', `${id}: ${reply.status} ${reply.reason}`);
        }
        for (const token of others) {
          const { status, reason } = await exchange(token);
          if (reason !== 'REFRESH_TOKEN_REVOKED')
            ledger.violation('two live refresh tokens', `${id}: ${status} ${reason}`);
        }
        shown += others.length + 1;
      },
    );
    found.retired = shown;
  }

  await posts();
  await rows();
  await endings();
  await passwords();
  await goingOn();
  await delay(GRACE_MS);
  await retired();
  return found;
}

/** The 6 bytes after the session's 16. */
function generationOf(refreshToken) {
  return Buffer.from(refreshToken.slice('tandem_rt_'.length), 'base64url').readUIntBE(16, 6);
}
