import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import * as operations from './operations.mjs';
import { isRetryable } from './wire.mjs';

const MOST_SESSIONS = 4;
const SHORT_TIMEOUT_MS = 1000;
const ACTION_WEIGHTS = {
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
 * A correct client of one account with several sessions. It sends one operation after the other. After a 503 or a lost
 * response it retries the request on any server until a response arrives. It sends an idempotency key with every
 * exchange of a refresh token. The history records the responses.
 */
export function runClient(account, { wire, servers, history, random, revocations, isOver }) {
  const sessions = [];
  const posts = [];

  /** Retries until a response arrives. `isRetry` says that the server may have executed an earlier try as well. */
  async function sendUntilResponse(request, timeoutMs) {
    for (let isRetry = false; ; isRetry = true) {
      const reply = await wire.send(random.pick(servers), { ...request, timeoutMs });
      if (!isRetryable(reply)) return { ...reply, isRetry };
      await delay(random.whole(50, 400));
    }
  }

  const sometimesShortTimeout = (probability = 0.15) => (random.chance(probability) ? SHORT_TIMEOUT_MS : undefined);

  /** Whether a request of a live session succeeded. A session is live until its revocation is acknowledged. */
  function isServed(reply, session, what) {
    if (reply.status === 200 && !reply.code) return true;
    const detail = `${what} on ${reply.server.name}: ${reply.status} ${reply.code} ${reply.reason}, session ${session.id}`;
    const loggedOut = reply.status === 401 || reply.code === 'INVALID_REFRESH_TOKEN';
    history.violation(loggedOut ? 'logged out without a reason' : 'an unexpected response', detail);
    if (loggedOut) {
      session.lost = true;
      sessions.splice(sessions.indexOf(session), 1);
    }
    return false;
  }

  /** The revocation of these sessions was acknowledged: from now on every server must reject them. */
  function revoked(revokedSessions, { at, isRetry, server }) {
    for (const session of revokedSessions) {
      sessions.splice(sessions.indexOf(session), 1);
      history.revoked(session, at);
      history.count('sessions revoked');
      revocations.watch(session, isRetry ? undefined : server);
    }
  }

  const actions = {
    async logIn() {
      if (sessions.length >= MOST_SESSIONS) return;
      const input = { email: account.email, password: account.password, deviceName: 'device' };
      const reply = await sendUntilResponse({ query: operations.LOG_IN, variables: { input } });
      if (reply.status !== 200) {
        history.violation('an acknowledged password was rejected', `${account.email}: ${reply.status} ${reply.reason}`);
        return;
      }
      sessions.push(history.loggedIn(account, reply.data.login));
      history.count('logins');
    },

    async refresh(session) {
      const presented = session.refreshToken;
      const input = { refreshToken: presented, idempotencyKey: randomUUID() };
      const request = { query: operations.REFRESH, variables: { input } };
      // Mostly one request. Sometimes three tabs send it at once, or the client loses the response and retries.
      const several = random.chance(0.15) ? servers : [];
      const replies = await Promise.all(several.map((server) => wire.send(server, request)));
      if (random.chance(0.1)) replies.push(await sendUntilResponse(request));
      replies.push(await sendUntilResponse(request, sometimesShortTimeout(0.4)));
      for (const reply of replies.filter((one) => !isRetryable(one))) {
        if (!isServed(reply, session, 'refresh')) return;
        history.refreshed(session, presented, reply.data.refreshToken);
        history.count('refreshes');
      }
    },

    async read(session) {
      const reply = await sendUntilResponse(
        { query: operations.READ, token: session.authToken },
        sometimesShortTimeout(),
      );
      if (isServed(reply, session, 'read')) history.count('reads');
    },

    async readOwn(session) {
      if (posts.length === 0) return;
      const [id, post] = random.pick(posts);
      const query = `{ post(id: "${id}") { title body } }`;
      const reply = await sendUntilResponse({ query, token: session.authToken }, sometimesShortTimeout());
      if (!isServed(reply, session, 'read')) return;
      history.count('reads');
      const { title, body } = reply.data.post ?? {};
      if (title !== post.title || body !== post.body) history.violation('an acknowledged post was not returned', id);
    },

    async write(session) {
      const input = { title: `Post ${randomUUID()}`, body: 'Not edited yet.', publish: random.chance(0.5) };
      const request = { query: operations.CREATE, variables: { input }, token: session.authToken };
      const reply = await sendUntilResponse(request, sometimesShortTimeout());
      if (!isServed(reply, session, 'write')) return;
      const post = { ...input, deleted: false };
      history.wrote(reply.data.createPost.post.id, post);
      posts.push([reply.data.createPost.post.id, post]);
      history.count('posts written');
    },

    async rewrite(session) {
      const entry = posts.find(([, { body }]) => body === 'Not edited yet.');
      if (!entry) return;
      const [id, post] = entry;
      const body = `Rewritten as ${randomUUID()}.`;
      const variables = { input: { id, body } };
      const reply = await sendUntilResponse({ query: operations.UPDATE, variables, token: session.authToken });
      if (!isServed(reply, session, 'rewrite')) return;
      post.body = body;
      history.count('posts rewritten');
    },

    async remove(session) {
      if (posts.length < 5) return;
      const [[id, post]] = posts.splice(random.whole(0, posts.length - 1), 1);
      const reply = await sendUntilResponse({
        query: operations.DELETE,
        variables: { input: { id } },
        token: session.authToken,
      });
      // An earlier try may have deleted the post.
      const done = reply.isRetry && reply.code === 'NOT_FOUND';
      if (!done && !isServed(reply, session, 'remove')) return;
      post.deleted = true;
      history.count('posts deleted');
    },

    async logOut(session) {
      const by = random.pick(['auth token', 'refresh token', 'both']);
      const reply = await sendUntilResponse({
        query: operations.LOG_OUT,
        ...(by !== 'refresh token' && { token: session.authToken }),
        ...(by !== 'auth token' && { variables: { input: { refreshToken: session.refreshToken } } }),
      });
      if (!isServed(reply, session, 'logout')) return;
      revoked([session], reply);
      history.count('logouts');
    },

    async revoke(session) {
      const other = sessions.find((one) => one !== session);
      if (!other) return;
      const variables = { input: { sessionId: other.id } };
      const reply = await sendUntilResponse({ query: operations.REVOKE, variables, token: session.authToken });
      if (isServed(reply, session, 'revoke')) revoked([other], reply);
    },

    async revokeOthers(session) {
      const reply = await sendUntilResponse({ query: operations.REVOKE_OTHERS, token: session.authToken });
      if (isServed(reply, session, 'revoke others'))
        revoked(
          sessions.filter((one) => one !== session),
          reply,
        );
    },

    async changePassword(session) {
      const newPassword = `a password of ${randomUUID()}`;
      const variables = { input: { currentPassword: account.password, newPassword } };
      const reply = await sendUntilResponse({ query: operations.CHANGE_PASSWORD, variables, token: session.authToken });
      // If an earlier try changed the password, the old password is wrong and the old auth token stale. The pair was lost
      // with that response, and every earlier token of the session is void.
      const done = reply.isRetry && ['WRONG_PASSWORD', 'TOKEN_STALE'].includes(reply.reason);
      if (!done && !isServed(reply, session, 'change of password')) return;
      account.previousPassword = account.password;
      account.password = newPassword;
      const { authToken, refreshToken } = session;
      revocations.watchCut({ id: session.id, authToken, refreshToken }, reply, done ? undefined : reply.server);
      if (done) {
        session.lost = true;
        sessions.splice(sessions.indexOf(session), 1);
      } else {
        history.cut(session, reply.data.changePassword);
      }
      revoked(
        sessions.filter((one) => one !== session),
        reply,
      );
      history.count('passwords changed');
    },
  };

  return (async () => {
    while (!isOver()) {
      const action = sessions.length === 0 ? 'logIn' : random.weighted(ACTION_WEIGHTS);
      await actions[action](random.pick(sessions));
      await delay(random.whole(20, 150));
    }
  })();
}
