import { decode, forge, signerOf, signingKey, type Signer } from '../support/forge.js';
import { LOGIN, PASSWORD, PROTECTED, refusal, startTandem, type Tandem } from '../support/harness.js';

const EXPIRED = { status: 401, code: 'UNAUTHENTICATED', reason: 'TOKEN_EXPIRED', recovery: 'REFRESH' };
const INVALID = { status: 401, code: 'UNAUTHENTICATED', reason: 'TOKEN_INVALID', recovery: 'LOG_IN' };
const STALE = { status: 401, code: 'UNAUTHENTICATED', reason: 'TOKEN_STALE', recovery: 'REFRESH' };
/** A time between two whole seconds, so that a wrong rounding is noticed. */
const NOW_MS = 1_900_000_000_400;
const NOW = 1_900_000_000;

describe('the lifetime of an auth token', () => {
  let tandem: Tandem;
  let signer: Signer;
  beforeAll(async () => {
    tandem = await startTandem();
    signer = signerOf(signingKey(tandem));
  });
  beforeEach(() => tandem.clock.stopAt(NOW_MS));
  afterAll(() => tandem.close());

  const answer = async (token: string) => {
    const reply = await tandem.send(PROTECTED, {}, { token });
    return reply.errors ? refusal(reply) : reply.status;
  };

  it('is exactly an hour for a token in use', async () => {
    const { authToken } = await tandem.login();
    expect(decode(authToken).claims).toMatchObject({ iat: NOW, exp: NOW + 3600 });
    expect(await answer(authToken)).toBe(200);
    tandem.clock.stopAt((NOW + 3600) * 1000 - 1);
    expect(await answer(authToken)).toBe(200);
    tandem.clock.stopAt((NOW + 3600) * 1000);
    expect(await answer(authToken)).toEqual(EXPIRED);
  });

  it('is exactly an hour for a token that was not used before', async () => {
    const [one, two] = [await tandem.login(), await tandem.login()];
    tandem.clock.stopAt((NOW + 3600) * 1000);
    expect(await answer(one.authToken)).toEqual(EXPIRED);
    tandem.clock.stopAt((NOW + 3600) * 1000 - 1);
    expect(await answer(two.authToken)).toBe(200);
  });

  it('is part of the login response', async () => {
    const { email } = await tandem.person();
    const { login } = (await tandem.send(LOGIN, { input: { email, password: PASSWORD } })).data;
    expect(Date.parse(login.authTokenExpiresAt)).toBe((NOW + 3600) * 1000);
    expect(Date.parse(login.serverTime)).toBe(NOW_MS);
    expect(Date.parse(login.refreshAfter)).toBeGreaterThan(NOW_MS + 0.69 * 3_600_000);
    expect(Date.parse(login.refreshAfter)).toBeLessThan(NOW_MS + 0.86 * 3_600_000);
  });

  it.each([
    { iat: NOW - 10, exp: NOW + 1, expected: 200 },
    { iat: NOW - 10, exp: NOW, expected: EXPIRED },
    { iat: NOW - 700, exp: NOW - 600, expected: EXPIRED },
    { iat: 0, exp: 1, expected: EXPIRED },
    { iat: NOW + 5, exp: NOW + 100, expected: 200 },
    { iat: NOW + 6, exp: NOW + 100, expected: STALE },
    { iat: NOW * 1000, exp: NOW * 1000 + 3600, expected: STALE },
    { iat: NOW, exp: NOW, expected: INVALID },
    { iat: NOW, exp: NOW - 1, expected: INVALID },
    { iat: NOW - 3599, exp: NOW + 1_000_000, expected: 200 },
    { iat: NOW - 3600, exp: NOW + 1_000_000, expected: EXPIRED },
    { iat: NOW - 3600, exp: Number.MAX_SAFE_INTEGER, expected: EXPIRED },
    { iat: NOW, exp: NOW + 60, nbf: NOW, expected: 200 },
    { iat: NOW, exp: NOW + 60, nbf: NOW + 5, expected: 200 },
    { iat: NOW, exp: NOW + 60, nbf: NOW + 6, expected: STALE },
  ])('is checked: iat $iat, exp $exp and nbf $nbf give $expected', async ({ expected, ...claims }) => {
    const { authToken } = await tandem.login();
    expect(await answer(forge(authToken, signer, { claims }))).toEqual(expected);
  });

  it('is at most the configured one, even when the exp claim is later', async () => {
    const { authToken } = await tandem.login();
    const token = forge(authToken, signer, { claims: { exp: NOW + 1_000_000 } });
    const reply = await tandem.send('{ tokenStatus { state expiresAt } }', {}, { token });
    expect(Date.parse(reply.data.tokenStatus.expiresAt)).toBe((NOW + 3600) * 1000);
    tandem.clock.stopAt((NOW + 3600) * 1000);
    expect(await answer(token)).toEqual(EXPIRED);
  });

  it('is cut for issued tokens when the configured lifetime is reduced', async () => {
    const { authToken } = await tandem.login();
    const instance = await tandem.startInstance({ AUTH_TOKEN_TTL_SECONDS: '60' });
    const shown = async () => (await instance.send(PROTECTED, {}, { token: authToken })).status;
    tandem.clock.stopAt((NOW + 60) * 1000 - 1);
    expect(await shown()).toBe(200);
    tandem.clock.stopAt((NOW + 60) * 1000);
    expect(await shown()).toBe(401);
  });

  it('does not exceed the expiry of its session', async () => {
    const instance = await tandem.startInstance({ SESSION_MAX_SECONDS: '100' });
    const { authToken } = await instance.login(await tandem.person());
    expect(decode(authToken).claims).toMatchObject({ iat: NOW, exp: NOW + 100 });
  });

  it.each(['AUTH_TOKEN_ISSUER', 'AUTH_TOKEN_AUDIENCE'])(
    'does not make a token valid for a server with another %s',
    async (name) => {
      const instance = await tandem.startInstance({ [name]: 'https://other.example' });
      const { authToken } = await tandem.login();
      expect(refusal(await instance.send(PROTECTED, {}, { token: authToken }))).toEqual(INVALID);
      const own = await instance.login(await tandem.person());
      expect((await instance.send(PROTECTED, {}, { token: own.authToken })).status).toBe(200);
    },
  );
});
