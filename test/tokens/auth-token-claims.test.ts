import { createPrivateKey, createPublicKey, verify } from 'node:crypto';
import { v7 } from 'uuid';
import { decode, forge, signerOf, signingKey, type Signer } from '../support/forge.js';
import { PROTECTED, refusal, startTandem, tokensOf, type Person, type Tandem } from '../support/harness.js';

const REVOKED = { status: 401, code: 'UNAUTHENTICATED', reason: 'TOKEN_REVOKED', recovery: 'LOG_IN' };
const INVALID = { status: 401, code: 'UNAUTHENTICATED', reason: 'TOKEN_INVALID', recovery: 'LOG_IN' };
const UUID = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

describe('the claims of an auth token', () => {
  let tandem: Tandem;
  let ada: Person;
  beforeAll(async () => {
    tandem = await startTandem({
      AUTH_TOKEN_TTL_SECONDS: '900',
      AUTH_TOKEN_ISSUER: 'https://tandem.example',
      AUTH_TOKEN_AUDIENCE: 'blog',
      AUTH_TOKEN_CLIENT_ID: 'web',
    });
    ada = await tandem.person('ada');
  });
  afterAll(() => tandem.close());

  it('are those of RFC 9068, as configured, and nothing private', async () => {
    const { authToken, sessionId } = await tandem.login(ada);
    const { header, claims } = decode(authToken);
    expect(header).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: signingKey(tandem).kid });
    const nowSeconds = Math.floor(tandem.clock.nowMs() / 1000);
    expect(claims).toEqual({
      iss: 'https://tandem.example',
      aud: 'blog',
      client_id: 'web',
      sub: ada.id,
      sid: sessionId,
      gen: 1,
      role: 'MEMBER',
      jti: UUID,
      iat: expect.closeTo(nowSeconds, -1),
      exp: Number(claims['iat']) + 900,
    });
  });

  it('are signed by the key that the kid header names', async () => {
    const [header, claims, signature = ''] = (await tandem.login(ada)).authToken.split('.');
    const key = createPublicKey(createPrivateKey({ key: signingKey(tandem), format: 'jwk' }));
    const input = Buffer.from(`${header}.${claims}`);
    expect(verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))).toBe(true);
  });

  it('contain the generation of the session', async () => {
    const first = await tandem.login(ada);
    const { authToken } = tokensOf((await tandem.refresh(first.refreshToken)).data.refreshToken);
    expect(decode(authToken).claims).toMatchObject({ gen: 2, sid: first.sessionId, sub: ada.id });
  });

  it('differ for every token, also within one second', async () => {
    const logins = await Promise.all(Array.from({ length: 30 }, () => tandem.login(ada)));
    const again = await Promise.all(logins.map(({ refreshToken }) => tandem.refresh(refreshToken)));
    const refreshed = again.map(({ data }) => tokensOf(data.refreshToken));
    const ids = [...logins, ...refreshed].map(({ authToken }) => decode(authToken).claims['jti']);
    expect(new Set(ids).size).toBe(60);
    expect(new Set(logins.map(({ sessionId }) => sessionId)).size).toBe(30);
  });
});

describe('an auth token with a valid signature', () => {
  let tandem: Tandem;
  let genuine: string;
  let signer: Signer;
  beforeAll(async () => {
    tandem = await startTandem();
    genuine = (await tandem.login()).authToken;
    signer = signerOf(signingKey(tandem));
  });
  afterAll(() => tandem.close());

  const answer = async (token: string) => refusal(await tandem.send(PROTECTED, {}, { token }));
  const right = 'http://localhost:4000';

  it.each([
    ...['iss', 'aud', 'sub', 'iat', 'exp', 'jti', 'sid', 'gen', 'role', 'client_id'].map((name) => ({
      [name]: undefined,
    })),
    ...['http://other', [right], `${right}/`, right.toUpperCase(), null, ''].map((iss) => ({ iss })),
    ...['other', [], ['other'], 'TANDEM', 'tandem ', null, '', { 0: 'tandem' }, 5].map((aud) => ({ aud })),
    ...['', 'ada', 5, null, {}, ['x'], v7().toUpperCase(), `${v7()} `, "' OR 1=1 --"].map((sub) => ({ sub })),
    ...['', 'x', 5, null, {}, v7().toUpperCase(), "' OR 1=1 --"].map((sid) => ({ sid })),
    ...[0, -1, 1.5, '1', null, 1e300].map((gen) => ({ gen })),
    ...['OWNER', 'member', '', null, 5, ['MEMBER']].map((role) => ({ role })),
    ...['', 5, null, {}].map((jti) => ({ jti })),
    ...['', 5, null].map((client_id) => ({ client_id })),
    ...['1', null, 1e300, -1, 1.5, {}, true].map((exp) => ({ exp })),
    ...['1', null, -1, 1.5, {}, true].map((iat) => ({ iat })),
    ...['1', {}, 1e300].map((nbf) => ({ nbf })),
  ])('is rejected with the claims %j', async (claims) => {
    expect(await answer(forge(genuine, signer, { claims }))).toEqual(INVALID);
  });

  it.each(['"text"', '5', '[]', '[{}]', 'null', 'true', '{}', '', '{', 'e30'])(
    'is rejected with the payload %j',
    async (payload) => {
      expect(await answer(forge(genuine, signer, { payload }))).toEqual(INVALID);
    },
  );

  it('is rejected when its session does not exist', async () => {
    expect(await answer(forge(genuine, signer, { claims: { sid: v7() } }))).toEqual(REVOKED);
  });

  it('is rejected when its account does not exist', async () => {
    expect(await answer(forge(genuine, signer, { claims: { sub: v7() } }))).toEqual(REVOKED);
  });

  it('is rejected when its session belongs to another account, cached or not', async () => {
    const { sessionId: sid } = await tandem.login();
    const token = forge(genuine, signer, { claims: { sid } });
    expect(await answer(token)).toEqual(INVALID);
    const instance = await tandem.startInstance();
    expect(refusal(await instance.send(PROTECTED, {}, { token }))).toEqual(INVALID);
  });

  it('uses the last of duplicate claims', async () => {
    const [ada, grace] = [await tandem.person(), await tandem.person()];
    const { authToken } = await tandem.login(grace);
    const { sub, ...claims } = decode(authToken).claims;
    const rest = JSON.stringify(claims).slice(1);
    const last = forge(authToken, signer, { payload: `{"sub":"${ada.id}","sub":"${String(sub)}",${rest}` });
    const reply = await tandem.send('{ me { id } }', {}, { token: last });
    expect(reply.data).toEqual({ me: { id: grace.id } });
    const first = forge(authToken, signer, { payload: `{"sub":"${String(sub)}","sub":"${ada.id}",${rest}` });
    expect(await answer(first)).toEqual(INVALID);
  });

  it('pollutes no prototype', async () => {
    const { sub: _, ...claims } = decode(genuine).claims;
    const rest = JSON.stringify(claims).slice(1);
    const payload = `{"__proto__":{"sub":"${String(decode(genuine).claims['sub'])}","polluted":true},${rest}`;
    expect(await answer(forge(genuine, signer, { payload }))).toEqual(INVALID);
    expect({}).not.toHaveProperty('polluted');
  });
});
