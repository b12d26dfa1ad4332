import Fastify from 'fastify';
import { earlyRejection } from '../../src/api/early-rejection/early-rejection.js';
import { knownOperations } from '../../src/api/early-rejection/known-operations.js';
import type { Viewer } from '../../src/tokens/viewer.js';
import { forge, signerOf, signingKey, withFlippedBit } from '../support/forge.js';
import { refusal, startTandem, type Tandem } from '../support/harness.js';

const NAMED = `query Mine { me { id } }
  query Status { tokenStatus { state } }`;

describe('a protected operation without a valid token', () => {
  let tandem: Tandem;
  beforeEach(async () => {
    tandem = await startTandem();
  });
  afterEach(() => tandem.close());

  async function post(body: object, token?: string, { url } = tandem) {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
    const told = Object.fromEntries(response.headers);
    for (const name of ['date', 'x-request-id']) delete told[name];
    return { status: response.status, headers: told, text: await response.text() };
  }

  it('gets the same response every time, also after a rejection for another reason', async () => {
    const query = '{ me { id } }';
    const replies = [];
    for (let time = 0; time < 3; time++) replies.push(await post({ query }), await post({ query }, 'garbage'));
    const [missing, invalid] = replies;
    expect(missing?.status).toBe(401);
    expect(missing?.text).not.toBe(invalid?.text);
    expect(replies).toEqual([missing, invalid, missing, invalid, missing, invalid]);
  });

  it('gets the response of the gate, byte for byte, for every reason', async () => {
    const { authToken } = await tandem.login();
    const nowSeconds = Math.floor(tandem.clock.nowMs() / 1000);
    const expired = { claims: { iat: nowSeconds - 700, exp: nowSeconds - 600 } };
    const revoked = await tandem.login();
    const stale = await tandem.person();
    await tandem.send('mutation { logout { loggedOut } }', {}, { token: revoked.authToken });
    const tokens = {
      TOKEN_MISSING: undefined,
      TOKEN_INVALID: withFlippedBit(authToken),
      TOKEN_EXPIRED: forge(authToken, signerOf(signingKey(tandem)), expired),
      TOKEN_REVOKED: revoked.authToken,
      TOKEN_STALE: (await tandem.login(stale)).authToken,
    };
    const roleChange = { role: 'ADMIN' as const, roleChangedAt: new Date(tandem.clock.nowMs()) };
    await tandem.database.account.update({ where: { id: stale.id }, data: roleChange });
    const instance = await tandem.startInstance(); // reads the changed role when it starts
    for (const [reason, token] of Object.entries(tokens)) {
      const query = `{ me { id } } # ${reason}`;
      const gate = await post({ query }, token, instance);
      expect(JSON.parse(gate.text)).toMatchObject({ errors: [{ extensions: { reason } }] });
      for (let time = 0; time < 3; time++) expect(await post({ query }, token, instance)).toEqual(gate);
    }
  });

  it('does not affect other operations of the same document', async () => {
    for (let time = 0; time < 3; time++) {
      expect((await post({ query: NAMED, operationName: 'Mine' })).status).toBe(401);
      expect((await post({ query: NAMED, operationName: 'Status' })).status).toBe(200);
      expect((await post({ query: NAMED })).status).toBe(400);
    }
  });

  it('is executed once a valid token is sent', async () => {
    const { authToken } = await tandem.login();
    for (let time = 0; time < 3; time++) {
      expect((await post({ query: '{ me { id } }' })).status).toBe(401);
      expect((await post({ query: '{ me { id } }' }, authToken)).status).toBe(200);
    }
  });

  it.each([{ variables: 'x' }, { variables: [] }, { extensions: 'x' }, { operationName: 1 }])(
    'is rejected as malformed and not as unauthenticated with %j',
    async (malformed) => {
      const query = '{ me { id } }';
      for (let time = 0; time < 3; time++) {
        await post({ query });
        expect((await post({ query, ...malformed })).status).toBe(400);
      }
    },
  );

  it('is rejected as expired once a token that was valid before expires', async () => {
    const { authToken } = await tandem.login();
    const ask = () => tandem.send('{ me { id } }', {}, { token: authToken });
    expect((await ask()).status).toBe(200);
    tandem.clock.advance(tandem.config.authToken.ttlSeconds);
    for (let time = 0; time < 3; time++) {
      expect(refusal(await ask())).toMatchObject({ status: 401, reason: 'TOKEN_EXPIRED' });
    }
  });
});

describe('the early rejection', () => {
  const operations = knownOperations();
  const { preHandler, onSend } = earlyRejection(operations);
  const known = '{ me { id } }';
  let viewer: Viewer | undefined;
  const server = Fastify();
  server.decorateRequest('viewer', undefined);
  server.post('/', {
    onRequest: async (request) => void (request.viewer = viewer),
    preHandler,
    onSend,
    handler: async (_request, reply) => reply.code(401).type('application/json; charset=utf-8').send('"gate"'),
  });
  beforeAll(async () => {
    operations.add(known, undefined);
    await server.inject({ method: 'POST', url: '/', payload: { query: 'any' } }); // lets it learn the media type
  });
  afterAll(() => server.close());

  const reachesGate = async (query: string) =>
    (await server.inject({ method: 'POST', url: '/', payload: { query } })).body === '"gate"';
  const ids = { accountId: 'a', sessionId: 's', generation: 1, expiresAt: new Date() };

  it.each<Viewer>([
    { state: 'anonymous' },
    { state: 'rejected', reason: 'TOKEN_EXPIRED', ...ids },
    { state: 'rejected', reason: 'TOKEN_STALE', ...ids },
    { state: 'rejected', reason: 'TOKEN_INVALID' },
    { state: 'rejected', reason: 'TOKEN_REVOKED', accountId: 'a', sessionId: 's', generation: 1 },
  ])('keeps a known operation of the viewer %j from Apollo', async (rejected) => {
    viewer = rejected;
    expect(await reachesGate(known)).toBe(false);
    expect(await reachesGate('{ tokenStatus { state } }')).toBe(true);
  });

  it.each<Viewer>([
    { state: 'authenticated', role: 'MEMBER', ...ids },
    { state: 'indeterminate', cause: 'no database' },
  ])('lets the viewer %j through', async (passed) => {
    viewer = passed;
    expect(await reachesGate(known)).toBe(true);
  });
});
