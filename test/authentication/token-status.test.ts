import { decode, forge, signerOf, signingKey, withFlippedBit } from '../support/forge.js';
import { startTandem, type RequestOptions, type Tandem, type Tokens } from '../support/harness.js';

const STATUS = '{ tokenStatus { state reason recovery expiresAt serverTime } }';

describe('tokenStatus', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem()));
  afterAll(() => tandem.close());

  async function statusOf(options: RequestOptions = {}) {
    const reply = await tandem.send(STATUS, {}, options);
    expect(reply.status).toBe(200);
    expect(reply.errors).toBeUndefined();
    expect(reply.headers.get('www-authenticate')).toBeNull();
    const { serverTime, ...status } = reply.data.tokenStatus;
    expect(Math.abs(Date.parse(serverTime) - tandem.clock.nowMs())).toBeLessThan(10_000);
    return status;
  }

  const expiryOf = ({ authToken }: Tokens) => new Date(Number(decode(authToken).claims['exp']) * 1000).toISOString();
  const MISSING = { state: 'NONE', reason: 'TOKEN_MISSING', recovery: 'LOG_IN', expiresAt: null };
  const INVALID = { state: 'REJECTED', reason: 'TOKEN_INVALID', recovery: 'LOG_IN', expiresAt: null };

  it('is NONE without a token', async () => {
    expect(await statusOf()).toEqual(MISSING);
  });

  it.each(['Basic YWRhOnNlY3JldA==', 'Digest x', 'Token x', 'Bearer', 'Bearer ', 'Bearerx', 'x'])(
    'is NONE with the header %j, which contains no Bearer token',
    async (authorization) => {
      expect(await statusOf({ headers: { authorization } })).toEqual(MISSING);
    },
  );

  it('is VALID until the token expires', async () => {
    const tokens = await tandem.login();
    const expected = { state: 'VALID', reason: null, recovery: 'NONE', expiresAt: expiryOf(tokens) };
    expect(await statusOf({ token: tokens.authToken })).toEqual(expected);
  });

  it('is REJECTED for an expired token, with the time of expiry', async () => {
    const tokens = await tandem.login();
    tandem.clock.advance(3601);
    const expected = { state: 'REJECTED', reason: 'TOKEN_EXPIRED', recovery: 'REFRESH', expiresAt: expiryOf(tokens) };
    expect(await statusOf({ token: tokens.authToken })).toEqual(expected);
  });

  it('has the extensions of the error that a protected operation gets', async () => {
    const document = '{ tokenStatus { error { code reason recovery retryAfterSeconds fields { path } } } }';
    const { authToken: token } = await tandem.login();
    expect((await tandem.send(document, {}, { token })).data.tokenStatus).toEqual({ error: null });
    tandem.clock.advance(3601);
    const { error } = (await tandem.send(document, {}, { token })).data.tokenStatus;
    const { errors } = await tandem.send('{ me { id } }', {}, { token });
    expect(error).toEqual({ ...errors?.[0]?.extensions, retryAfterSeconds: null, fields: null });
  });

  it('is REJECTED for a forged token and returns none of its claims', async () => {
    const { authToken } = await tandem.login();
    expect(await statusOf({ token: withFlippedBit(authToken) })).toEqual(INVALID);
    expect(await statusOf({ token: 'garbage' })).toEqual(INVALID);
    const expired = forge(authToken, () => Buffer.from('x'), { claims: { iat: 1, exp: 2 } });
    expect(await statusOf({ token: expired })).toEqual(INVALID);
  });

  it('is REJECTED for a revoked token on every instance', async () => {
    const { authToken: token } = await tandem.login();
    await tandem.send('mutation { logout { loggedOut } }', {}, { token });
    const expected = { state: 'REJECTED', reason: 'TOKEN_REVOKED', recovery: 'LOG_IN', expiresAt: null };
    expect(await statusOf({ token })).toEqual(expected);
    const instance = await tandem.startInstance();
    const reply = await instance.send('{ tokenStatus { state reason } }', {}, { token });
    expect(reply.data.tokenStatus).toEqual({ state: 'REJECTED', reason: 'TOKEN_REVOKED' });
  });

  it('is REJECTED for another encoding of a revoked token', async () => {
    const { authToken } = await tandem.login();
    const signAgain = signerOf(signingKey(tandem));
    const twin = forge(authToken, signAgain, { claims: { jti: 'another' } });
    expect(await statusOf({ token: twin })).toMatchObject({ state: 'VALID' });
    await tandem.send('mutation { logout { loggedOut } }', {}, { token: authToken });
    expect(await statusOf({ token: twin })).toMatchObject({ reason: 'TOKEN_REVOKED' });
    expect(await statusOf({ token: malleated(authToken) })).toMatchObject({ reason: 'TOKEN_REVOKED' });
  });
});

/** The other valid ECDSA signature of the same content: (r, n − s) in place of (r, s). */
function malleated(token: string): string {
  const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const [header, claims, signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  const s = (n - BigInt(`0x${bytes.subarray(32).toString('hex')}`)).toString(16).padStart(64, '0');
  return `${header}.${claims}.${Buffer.concat([bytes.subarray(0, 32), Buffer.from(s, 'hex')]).toString('base64url')}`;
}
