import { decode, makeKey, refreshKey, signingKey, writeRing, type RingKey } from '../support/forge.js';
import { PROTECTED, refusal, startTandem, tokensOf, type Tandem } from '../support/harness.js';

const INVALID = { status: 401, code: 'UNAUTHENTICATED', reason: 'TOKEN_INVALID', recovery: 'LOG_IN' };
const kidOf = (token: string) => decode(token).header['kid'];

describe('key rotation', () => {
  let tandem: Tandem;
  let first: RingKey;
  let firstRefresh: RingKey;
  beforeEach(async () => {
    tandem = await startTandem();
    first = signingKey(tandem);
    firstRefresh = refreshKey(tandem);
  });
  afterEach(() => tandem.close());

  const nowSeconds = () => Math.floor(tandem.clock.nowMs() / 1000);
  const restartedWith = (...keys: RingKey[]) => {
    writeRing(tandem, keys);
    return tandem.startInstance();
  };
  const answer = async (server: Tandem, token: string) => {
    const reply = await server.send(PROTECTED, {}, { token });
    return reply.errors ? refusal(reply) : reply.status;
  };

  it('logs nobody out: the new key signs and the old key still verifies', async () => {
    const before = await tandem.login();
    const second = makeKey('ES256', { signs_from: nowSeconds() });
    const rotated = await restartedWith(first, second, firstRefresh);
    const after = await rotated.login();
    expect(kidOf(before.authToken)).toBe(first.kid);
    expect(kidOf(after.authToken)).toBe(second.kid);
    expect(await answer(rotated, before.authToken)).toBe(200);
    expect(await answer(rotated, after.authToken)).toBe(200);
    const refreshed = tokensOf((await rotated.refresh(before.refreshToken)).data.refreshToken);
    expect(kidOf(refreshed.authToken)).toBe(second.kid);
  });

  it('does not sign with a new key before its activation time', async () => {
    const next = makeKey('ES256', { signs_from: nowSeconds() + 600 });
    const rotated = await restartedWith(first, next, firstRefresh);
    expect(kidOf((await rotated.login()).authToken)).toBe(first.kid);
    tandem.clock.advance(601);
    expect(kidOf((await rotated.login()).authToken)).toBe(next.kid);
  });

  it('rejects the auth tokens of a removed key and keeps the sessions', async () => {
    const before = await tandem.login();
    const rotated = await restartedWith(makeKey('ES256'), firstRefresh);
    expect(await answer(rotated, before.authToken)).toEqual(INVALID);
    const reply = await rotated.refresh(before.refreshToken);
    const refreshed = tokensOf(reply.data.refreshToken);
    expect(refreshed.sessionId).toBe(before.sessionId);
    expect(await answer(rotated, refreshed.authToken)).toBe(200);
  });

  it.each(['RS256', 'HS256', 'ES256'])('changes from any algorithm to %s and back', async (alg) => {
    const before = await tandem.login();
    const second = makeKey(alg, { signs_from: nowSeconds() });
    const rotated = await restartedWith(first, second, firstRefresh);
    const after = await rotated.login();
    expect(decode(after.authToken).header).toMatchObject({ alg, kid: second.kid });
    expect(await answer(rotated, before.authToken)).toBe(200);
    expect(await answer(rotated, after.authToken)).toBe(200);
    const back = await restartedWith({ ...first, signs_from: nowSeconds() + 1 }, second, firstRefresh);
    tandem.clock.advance(2);
    expect(kidOf((await back.login()).authToken)).toBe(first.kid);
    expect(await answer(back, after.authToken)).toBe(200);
  });

  it('signs only with keys of the configured algorithm', async () => {
    const rsa = makeKey('RS256', { signs_from: 1 });
    const newer = makeKey('HS256', { signs_from: nowSeconds() });
    writeRing(tandem, [first, rsa, newer, firstRefresh]);
    const instance = await tandem.startInstance({ AUTH_TOKEN_ALGORITHM: 'RS256' });
    expect(kidOf((await instance.login()).authToken)).toBe(rsa.kid);
  });

  it('derives new refresh tokens from the new secret and accepts those of the old one', async () => {
    const before = await tandem.login();
    const secondRefresh = makeKey('HS256', { use: 'refresh', signs_from: nowSeconds() });
    const rotated = await restartedWith(first, firstRefresh, secondRefresh);
    const after = await rotated.login();
    let last = before.refreshToken;
    for (let round = 0; round < 3; round += 1)
      last = tokensOf((await rotated.refresh(last)).data.refreshToken).refreshToken;
    const without = await restartedWith(first, secondRefresh);
    expect((await without.refresh(after.refreshToken)).status).toBe(200);
    expect(refusal(await without.refresh(last))).toMatchObject({ status: 400, reason: 'REFRESH_TOKEN_UNKNOWN' });
  });
});
