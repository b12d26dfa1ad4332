// A server that speaks the protocols of all clients: GraphQL as Tandem, GoTrue for auth-js, and OAuth 2.0 for oidc-client-ts.
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

const TTL_SECONDS = 3600;
const GRACE_MS = 10_000;

/** All tokens follow one rule: for ten seconds after a rotation, the previous token returns the same successor again. */
export async function startServer(script) {
  const sessions = new Map();
  const self = {
    /** What happens to the next refreshes: a function of the request number, or undefined. */
    fault: undefined,
    /** Refreshes that the client sent, and those that met no fault. */
    attempts: 0,
    refreshes: 0,
    offsetMs: 0,
    revokeAll: () => sessions.forEach((session) => (session.isRevoked = true)),
    revoked: () => [...sessions.values()].filter(({ isRevoked }) => isRevoked).length,
    close: () => (server.closeAllConnections(), new Promise((resolve) => server.close(resolve))),
  };
  const nowMs = () => Date.now() + self.offsetMs;

  function issue(id, session) {
    const iat = Math.floor(nowMs() / 1000);
    const claims = { sid: id, gen: session.generation, iat, exp: iat + TTL_SECONDS, sub: 'ada' };
    const authToken = ['{"alg":"none"}', JSON.stringify(claims), 'x']
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.');
    return { authToken, refreshToken: `${id}.${session.generation}`, sessionId: id, exp: claims.exp };
  }

  function logIn() {
    const id = `s${sessions.size + 1}`;
    const session = { generation: 1, rotatedAt: 0, isSeen: true };
    sessions.set(id, session);
    return issue(id, session);
  }

  function refresh(token = '', key) {
    const [id, generation] = token.split('.');
    const session = sessions.get(id);
    if (!session || session.isRevoked) return undefined;
    if (Number(generation) === session.generation) {
      Object.assign(session, { generation: session.generation + 1, rotatedAt: nowMs(), key, isSeen: false });
      return issue(id, session);
    }
    const isRepeat = Number(generation) === session.generation - 1;
    const isSameKey = key && key === session.key && !session.isSeen;
    if (isRepeat && (isSameKey || nowMs() - session.rotatedAt <= GRACE_MS)) return issue(id, session);
    session.isRevoked = true;
    return undefined;
  }

  function verify(authorization = '') {
    const [, payload] = authorization.replace('Bearer ', '').split('.');
    if (!payload) return false;
    const { sid, gen, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const session = sessions.get(sid);
    if (!session || session.isRevoked || exp * 1000 <= nowMs()) return false;
    if (gen === session.generation) session.isSeen = true;
    return session && true;
  }

  const graphqlPair = ({ authToken, refreshToken, sessionId, exp }) => {
    const at = (seconds) => new Date(nowMs() + seconds * 1000).toISOString();
    return {
      authToken,
      refreshToken,
      serverTime: at(0),
      refreshAfter: at(TTL_SECONDS * 0.8),
      authTokenExpiresAt: new Date(exp * 1000).toISOString(),
      refreshTokenExpiresAt: at(14 * 86_400),
      session: { id: sessionId },
      account: { id: 'ada' },
    };
  };
  const oauthPair = ({ authToken, refreshToken, exp }) => ({
    access_token: authToken,
    refresh_token: refreshToken,
    token_type: 'bearer',
    expires_in: TTL_SECONDS,
    expires_at: exp,
    user: { id: 'ada', aud: 'authenticated', email: 'ada@example.com', app_metadata: {}, user_metadata: {} },
  });
  const rejected = (code, recovery, reason) => ({
    status: 401,
    json: { data: null, errors: [{ message: code, extensions: { code, recovery, reason } }] },
  });

  const handlers = {
    '/graphql'({ body, authorization }) {
      const { query = '', variables } = JSON.parse(body);
      const { input = {} } = variables ?? {};
      if (query.includes('login(')) return { json: { data: { login: graphqlPair(logIn()) } } };
      if (query.includes('logout(')) {
        const session = sessions.get(String(input.refreshToken).split('.')[0]);
        if (session) session.isRevoked = true;
        return { json: { data: { logout: { loggedOut: true } } } };
      }
      if (query.includes('refreshToken(')) {
        const pair = refresh(input.refreshToken, input.idempotencyKey);
        if (pair) return { json: { data: { refreshToken: graphqlPair(pair) } } };
        return rejected('INVALID_REFRESH_TOKEN', 'LOG_IN', 'REFRESH_TOKEN_REVOKED');
      }
      if (verify(authorization)) return { json: { data: { me: { id: 'ada', __typename: 'Account' } } } };
      const isRevoked = authorization && [...sessions.values()].every((session) => session.isRevoked);
      return isRevoked
        ? rejected('UNAUTHENTICATED', 'LOG_IN', 'TOKEN_REVOKED')
        : rejected('UNAUTHENTICATED', 'REFRESH', 'TOKEN_EXPIRED');
    },
    '/auth/v1/token'({ body, url }) {
      const isLogin = url.searchParams.get('grant_type') === 'password';
      const pair = isLogin ? logIn() : refresh(JSON.parse(body).refresh_token);
      if (pair) return { json: oauthPair(pair) };
      return { status: 400, json: { code: 400, error_code: 'refresh_token_not_found', msg: 'Invalid Refresh Token' } };
    },
    '/auth/v1/logout': () => (self.revokeAll(), { status: 204 }),
    '/oidc/token'({ body }) {
      const form = new URLSearchParams(body);
      const pair = form.get('grant_type') === 'password' ? logIn() : refresh(form.get('refresh_token') ?? '');
      return pair ? { json: oauthPair(pair) } : { status: 400, json: { error: 'invalid_grant' } };
    },
    '/oidc/revoke': () => (self.revokeAll(), { status: 200 }),
  };

  const server = createServer(async (incoming, outgoing) => {
    // A browser resends a request on its own if a connection that it has used before breaks.
    outgoing.setHeader('connection', 'close');
    const url = new URL(incoming.url, 'http://localhost');
    const handler = handlers[url.pathname];
    if (!handler) {
      const isScript = url.pathname === '/script.js';
      outgoing.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
      return outgoing.end(isScript ? script : '<!doctype html><title>Client</title><script src="/script.js"></script>');
    }
    const body = await text(incoming);
    const isRefresh = body.includes('refreshToken(') || /refresh_token/.test(body + url.search);
    const answer = () => handler({ body, url, authorization: incoming.headers.authorization });
    let reply;
    if (isRefresh) self.attempts++;
    const faulty = isRefresh && self.fault?.(answer);
    if (faulty) reply = await faulty;
    else {
      if (isRefresh) self.refreshes++;
      reply = answer();
    }
    if (!reply || reply.isLost) return incoming.socket.destroy();
    outgoing.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
    outgoing.end(reply.json ? JSON.stringify(reply.json) : reply.body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  self.origin = `http://localhost:${server.address().port}`;
  return self;
}
