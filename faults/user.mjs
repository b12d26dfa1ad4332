import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import * as operations from './operations.mjs';
import { isRetryable } from './wire.mjs';

const MOST_SESSIONS = 4;
const IMPATIENT_MS = 1000;
/** A request that was given up may still arrive. Until then its refresh token is not left two generations behind. */
const REST_MS = 12_000;
const WHAT_USERS_DO = {
  read: 30,
  readOwn: 10,
  refresh: 24,
  write: 12,
  rewrite: 4,
  remove: 3,
  logIn: 8,
  logOut: 5,
  revoke: 2,
  revokeOthers: 1,
  changePassword: 1,
};

/**
 * One person with several devices, who does one thing after the other and is a correct client: after a 503 or a lost
 * answer the same request goes out again, to any server, until there is an answer. What is answered goes into the ledger.
 */
export function liveAs(account, { wire, servers, ledger, random, revocations, isOver }) {
  const sessions = [];
  const posts = [];

  /** Resolves to the answer, and whether tries before it may have been carried out too. */
  async function insist(request, patienceMs) {
    for (let doubt = false; ; doubt = true) {
      const reply = await wire.ask(random.pick(servers), { ...request, patienceMs });
      if (!isRetryable(reply)) return { ...reply, doubt };
      if (reply.why === 'PATIENCE' && request.session) request.session.restUntil = performance.now() + REST_MS;
      await delay(random.whole(50, 400));
    }
  }

  const sometimesImpatient = () => (random.chance(0.15) ? IMPATIENT_MS : undefined);

  /** Whether a request of a session that nobody ended was served. */
  function isServed(reply, session, what) {
    if (reply.status === 200 && !reply.code) return true;
    const detail = `${what} on ${reply.server.name}: ${reply.status} ${reply.code} ${reply.reason}, session ${session.id}`;
    const loggedOut = reply.status === 401 || reply.code === 'INVALID_REFRESH_TOKEN';
    ledger.violation(loggedOut ? 'logged out without a reason' : 'an unexpected answer', detail);
    if (loggedOut) {
      session.lost = true;
      sessions.splice(sessions.indexOf(session), 1);
    }
    return false;
  }

  /** The ending of sessions was acknowledged: from now on nobody may accept them. */
  function ended(over, { at, doubt, server }) {
    for (const session of over) {
      sessions.splice(sessions.indexOf(session), 1);
      ledger.ended(session, at);
      ledger.count('sessions ended');
      revocations.watch(session, doubt ? undefined : server);
    }
  }

  const deeds = {
    async logIn() {
      if (sessions.length >= MOST_SESSIONS) return;
      const input = { email: account.email, password: account.password, deviceName: 'device' };
      const reply = await insist({ query: operations.LOG_IN, variables: { input } });
      if (reply.status !== 200) {
        ledger.violation('the acknowledged password was refused', `${account.email}: ${reply.status} ${reply.reason}`);
        return;
      }
      sessions.push(ledger.loggedIn(account, reply.data.login));
      ledger.count('logins');
    },

    async refresh(session) {
      if (performance.now() < (session.restUntil ?? 0)) return;
      const shown = session.refreshToken;
      const request = { query: operations.REFRESH, variables: { input: { refreshToken: shown } }, session };
      // Mostly one request; sometimes three tabs at once, or an answer that is lost on its way and asked for again.
      const several = random.chance(0.15) ? servers : [];
      const replies = await Promise.all(several.map((server) => wire.ask(server, request)));
      if (random.chance(0.1)) replies.push(await insist(request));
      replies.push(await insist(request, sometimesImpatient()));
      for (const reply of replies.filter((one) => !isRetryable(one))) {
        if (!isServed(reply, session, 'refresh')) return;
        ledger.refreshed(session, shown, reply.data.refreshToken);
        ledger.count('refreshes');
      }
    },

    async read(session) {
      const reply = await insist({ query: operations.READ, token: session.authToken }, sometimesImpatient());
      if (isServed(reply, session, 'read')) ledger.count('reads');
    },

    async readOwn(session) {
      if (posts.length === 0) return;
      const [id, post] = random.pick(posts);
      const query = `{ post(id: "${id}") { title body } }`;
      const reply = await insist({ query, token: session.authToken }, sometimesImpatient());
      if (!isServed(reply, session, 'read')) return;
      ledger.count('reads');
      const { title, body } = reply.data.post ?? {};
      if (title !== post.title || body !== post.body) ledger.violation('an acknowledged post was not read', id);
    },

    async write(session) {
      const input = { title: `Post ${randomUUID()}`, body: 'As it was written.', publish: random.chance(0.5) };
      const request = { query: operations.CREATE, variables: { input }, token: session.authToken };
      const reply = await insist(request, sometimesImpatient());
      if (!isServed(reply, session, 'write')) return;
      const post = { ...input, deleted: false };
      ledger.wrote(reply.data.createPost.id, post);
      posts.push([reply.data.createPost.id, post]);
      ledger.count('posts written');
    },

    async rewrite(session) {
      const entry = posts.find(([, { body }]) => body === 'As it was written.');
      if (!entry) return;
      const [id, post] = entry;
      const body = `Rewritten as ${randomUUID()}.`;
      const variables = { input: { id, body } };
      const reply = await insist({ query: operations.UPDATE, variables, token: session.authToken });
      if (!isServed(reply, session, 'rewrite')) return;
      post.body = body;
      ledger.count('posts rewritten');
    },

    async remove(session) {
      if (posts.length < 5) return;
      const [[id, post]] = posts.splice(random.whole(0, posts.length - 1), 1);
      const reply = await insist({ query: operations.DELETE, variables: { input: { id } }, token: session.authToken });
      // An earlier try may have done it.
      const done = reply.doubt && reply.code === 'NOT_FOUND';
      if (!done && !isServed(reply, session, 'remove')) return;
      post.deleted = true;
      ledger.count('posts deleted');
    },

    async logOut(session) {
      const by = random.pick(['auth token', 'refresh token', 'both']);
      const reply = await insist({
        query: operations.LOG_OUT,
        ...(by !== 'refresh token' && { token: session.authToken }),
        ...(by !== 'auth token' && { variables: { input: { refreshToken: session.refreshToken } } }),
      });
      if (!isServed(reply, session, 'logout')) return;
      ended([session], reply);
      ledger.count('logouts');
    },

    async revoke(session) {
      const other = sessions.find((one) => one !== session);
      if (!other) return;
      const variables = { input: { sessionId: other.id } };
      const reply = await insist({ query: operations.REVOKE, variables, token: session.authToken });
      if (isServed(reply, session, 'revoke')) ended([other], reply);
    },

    async revokeOthers(session) {
      const reply = await insist({ query: operations.REVOKE_OTHERS, token: session.authToken });
      if (isServed(reply, session, 'revoke others'))
        ended(
          sessions.filter((one) => one !== session),
          reply,
        );
    },

    async changePassword(session) {
      const newPassword = `a password of ${randomUUID()}`;
      const variables = { input: { currentPassword: account.password, newPassword } };
      const reply = await insist({ query: operations.CHANGE_PASSWORD, variables, token: session.authToken });
      // When an earlier try has done it, the old password is wrong now, and the pair went with the answer.
      const done = reply.doubt && reply.reason === 'WRONG_EMAIL_OR_PASSWORD';
      if (!done && !isServed(reply, session, 'change of password')) return;
      account.formerPassword = account.password;
      account.password = newPassword;
      if (!done) ledger.held(session, reply.data.changePassword);
      ended(
        sessions.filter((one) => one !== session),
        reply,
      );
      ledger.count('passwords changed');
    },
  };

  return (async () => {
    while (!isOver()) {
      const deed = sessions.length === 0 ? 'logIn' : random.weighted(WHAT_USERS_DO);
      await deeds[deed](random.pick(sessions));
      await delay(random.whole(20, 150));
    }
  })();
}
