import { forge, signerOf, signingKey, withFlippedBit } from '../support/forge.js';
import { PROTECTED, refusal, startTandem, tokensOf, type Tandem } from '../support/harness.js';

const CHALLENGE = 'Bearer realm="tandem"';
const invalidToken = (description: string) => `${CHALLENGE}, error="invalid_token", error_description="${description}"`;
const ACCEPTS = ['application/json', 'application/graphql-response+json'];

describe('a request without a valid auth token', () => {
  let tandem: Tandem;
  const tokens: Record<string, string | undefined> = {};

  beforeAll(async () => {
    tandem = await startTandem();
    const { authToken } = await tandem.login();
    const sign = signerOf(signingKey(tandem));
    const nowSeconds = Math.floor(tandem.clock.nowMs() / 1000);
    tokens['expired'] = forge(authToken, sign, { claims: { iat: nowSeconds - 700, exp: nowSeconds - 600 } });
    tokens['forged'] = withFlippedBit(authToken);
    tokens['malformed'] = 'garbage';
    tokens['revoked'] = (await tandem.login()).authToken;
    await tandem.send('mutation { logout { loggedOut } }', {}, { token: tokens['revoked'] });
    const stale = await tandem.person();
    tokens['stale'] = (await tandem.login(stale)).authToken;
    await tandem.database.account.update({
      where: { id: stale.id },
      data: { role: 'ADMIN', roleChangedAt: new Date(tandem.clock.nowMs()) },
    });
  });
  afterAll(() => tandem.close());

  describe.each([
    { what: 'missing', reason: 'TOKEN_MISSING', recovery: 'LOG_IN', challenge: CHALLENGE },
    {
      what: 'expired',
      reason: 'TOKEN_EXPIRED',
      recovery: 'REFRESH',
      challenge: invalidToken('The auth token expired'),
    },
    {
      what: 'forged',
      reason: 'TOKEN_INVALID',
      recovery: 'LOG_IN',
      challenge: invalidToken('The auth token is not valid'),
    },
    {
      what: 'malformed',
      reason: 'TOKEN_INVALID',
      recovery: 'LOG_IN',
      challenge: invalidToken('The auth token is not valid'),
    },
    {
      what: 'revoked',
      reason: 'TOKEN_REVOKED',
      recovery: 'LOG_IN',
      challenge: invalidToken('The auth token was revoked'),
    },
  ])('because it is $what', ({ what, reason, recovery, challenge }) => {
    const ask = (accept = 'application/json', query = PROTECTED) =>
      tandem.send(query, {}, { token: tokens[what], headers: { accept } });

    it('gets a 401 with the reason and the recovery', async () => {
      expect(refusal(await ask())).toEqual({ status: 401, code: 'UNAUTHENTICATED', reason, recovery });
    });

    it('gets the challenge of RFC 6750', async () => {
      expect((await ask()).headers.get('www-authenticate')).toBe(challenge);
    });

    it.each(ACCEPTS)('gets errors without data and with Cache-Control: no-store, as %s', async (accept) => {
      const reply = await ask(accept);
      expect(reply.headers.get('content-type')).toBe(`${accept}; charset=utf-8`);
      expect(reply.headers.get('cache-control')).toBe('no-store');
      expect(Object.keys(JSON.parse(reply.text))).toEqual(['errors']);
      expect(reply.errors).toHaveLength(1);
      expect(Object.keys(reply.errors?.[0]?.extensions ?? {}).sort()).toEqual(['code', 'reason', 'recovery']);
      expect(reply.text).not.toMatch(/"data"|stack|node_modules|\.ts\b|\.js\b/);
    });

    it('gets the same status, challenge and body whatever media type it accepts', async () => {
      const [one, other] = await Promise.all(ACCEPTS.map((accept) => ask(accept)));
      expect(one?.text).toBe(other?.text);
      expect(one?.status).toBe(other?.status);
      expect(one?.headers.get('www-authenticate')).toBe(other?.headers.get('www-authenticate'));
    });

    it('gets the same message as for every other cause', async () => {
      const missing = await tandem.send(PROTECTED);
      expect((await ask()).errors?.[0]?.message).toBe(missing.errors?.[0]?.message);
    });

    it('can still log in and refresh', async () => {
      const options = { token: tokens[what] };
      const pair = await tandem.login(await tandem.person(), options);
      const reply = await tandem.refresh(pair.refreshToken, options);
      expect(reply.status).toBe(200);
      const next = tokensOf(reply.data.refreshToken);
      expect((await tandem.send(PROTECTED, {}, { token: next.authToken })).status).toBe(200);
    });

    it('can still query public fields', async () => {
      const reply = await ask('application/json', '{ __typename tokenStatus { state } }');
      expect(reply.status).toBe(200);
      expect(reply.errors).toBeUndefined();
    });
  });

  it('gets recovery REFRESH when the role of the account has changed', async () => {
    const instance = await tandem.startInstance(); // it reads at start what has changed
    const reply = await instance.send(PROTECTED, {}, { token: tokens['stale'] });
    const expected = { status: 401, code: 'UNAUTHENTICATED', reason: 'TOKEN_STALE', recovery: 'REFRESH' };
    expect(refusal(reply)).toEqual(expected);
    expect(reply.headers.get('www-authenticate')).toBe(invalidToken('The auth token is out of date'));
  });
});

describe('the Authorization header', () => {
  let tandem: Tandem;
  let token: string;
  beforeAll(async () => {
    tandem = await startTandem();
    token = (await tandem.login()).authToken;
  });
  afterAll(() => tandem.close());

  it.each(['Bearer ', 'bearer ', 'BEARER ', 'bEaReR ', 'Bearer   '])(
    'is accepted with the scheme %j',
    async (scheme) => {
      const reply = await tandem.send(PROTECTED, {}, { headers: { authorization: `${scheme}${token}` } });
      expect(reply.status).toBe(200);
    },
  );

  it.each(['', 'Token ', 'Basic ', 'JWT ', 'DPoP ', 'Bearer=', 'Bearer,'])(
    'is ignored with the scheme %j',
    async (scheme) => {
      const reply = await tandem.send(PROTECTED, {}, { headers: { authorization: `${scheme}${token}` } });
      expect(refusal(reply)).toMatchObject({ status: 401, reason: 'TOKEN_MISSING' });
      expect(reply.headers.get('www-authenticate')).toBe(CHALLENGE);
    },
  );

  it.each(['cookie', 'x-access-token', 'x-authorization', 'proxy-authorization'])(
    'is not replaced by the header %s',
    async (name) => {
      const value = name === 'cookie' ? `access_token=${token}; authToken=${token}` : `Bearer ${token}`;
      const reply = await tandem.send(PROTECTED, {}, { headers: { [name]: value } });
      expect(refusal(reply)).toMatchObject({ status: 401, reason: 'TOKEN_MISSING' });
    },
  );

  it('is not replaced by a token in the URL or the body, and the URL is not logged', async () => {
    const members = { access_token: token, authToken: token, authorization: `Bearer ${token}` };
    const response = await fetch(`${tandem.url}/graphql?access_token=${token}&authorization=Bearer%20${token}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: PROTECTED, ...members, variables: members, extensions: members }),
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(CHALLENGE);
    expect(tandem.log()).not.toContain(token);
  });
});
