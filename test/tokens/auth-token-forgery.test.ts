import { createPublicKey } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  decode,
  forge,
  makeKey,
  segment,
  signerOf,
  signingKey,
  withFlippedBit,
  type Signer,
} from '../support/forge.js';
import { PROTECTED, refusal, startTandem, type Tandem } from '../support/harness.js';

const INVALID = { status: 401, code: 'UNAUTHENTICATED', reason: 'TOKEN_INVALID', recovery: 'LOG_IN' };

describe.each(['ES256', 'RS256', 'HS256'])('an auth token signed by %s', (algorithm) => {
  let tandem: Tandem;
  let genuine: string;
  let signer: Signer;

  beforeAll(async () => {
    tandem = await startTandem({ AUTH_TOKEN_ALGORITHM: algorithm });
    genuine = (await tandem.login()).authToken;
    signer = signerOf(signingKey(tandem));
  });
  afterAll(() => tandem.close());

  const answer = async (token: string) => refusal(await tandem.send(PROTECTED, {}, { token }));

  it('is accepted up to a length of 4,096 characters', async () => {
    const padded = (characters: number) => forge(genuine, signer, { claims: { note: 'x'.repeat(characters) } });
    const most = Math.floor(((4096 - padded(0).length) * 3) / 4); // base64url has four characters for three bytes
    const lengths = [most - 1, most, most + 1, most + 2].map((characters) => padded(characters));
    const longest = lengths.findLast((token) => token.length <= 4096) ?? '';
    const tooLong = lengths.find((token) => token.length > 4096) ?? '';
    expect((await tandem.send(PROTECTED, {}, { token: longest })).status).toBe(200);
    expect(await answer(tooLong)).toEqual(INVALID);
  });

  it.each([
    ['unchanged', {}],
    ['of the type in capitals', { header: { typ: 'AT+JWT' } }],
    ['of the type as a media type', { header: { typ: 'application/at+jwt' } }],
    ['with an unknown claim', { claims: { note: 'x' } }],
    ['for several audiences that include this one', { claims: { aud: ['other', 'tandem'] } }],
  ])('is accepted when the right key signed it, %s', async (_what, changes) => {
    const reply = await tandem.send(PROTECTED, {}, { token: forge(genuine, signer, changes) });
    expect(reply.status).toBe(200);
    expect(reply.errors).toBeUndefined();
  });

  it.each([
    ...['none', 'None', 'NONE', 'nOnE', '', undefined, null, [algorithm], 'HS384', 'ES512'].map((alg) => ({ alg })),
    ...[undefined, 'JWT', 'refresh+jwt', 'at+jwt;x', 'at', '', 5, null, ['at+jwt']].map((typ) => ({ typ })),
    ...[['exp'], ['x'], [], null, 'exp'].map((crit) => ({ crit })),
    { b64: false, crit: ['b64'] },
    ...['../../../../dev/null', '/dev/null', "' UNION SELECT 'k'--", '|sleep 5', '__proto__', 'constructor', ''].map(
      (kid) => ({ kid }),
    ),
    ...['k'.repeat(10_000), undefined, null, 5, {}, ['x']].map((kid) => ({ kid })),
  ])('is rejected with the header %j, even when the right key signed it', async (header) => {
    expect(await answer(forge(genuine, signer, { header }))).toEqual(INVALID);
  });

  it.each(['none', 'None', 'NONE', 'nOnE', '', undefined, null])(
    'is rejected without a signature, with alg %j',
    async (alg) => {
      const token = forge(genuine, () => Buffer.alloc(0), { header: { alg } });
      expect(await answer(token)).toEqual(INVALID);
      expect(await answer(token.slice(0, -1))).toEqual(INVALID);
      expect(await answer(`${token}AAAA`)).toEqual(INVALID);
    },
  );

  it.each<[string, Signer]>([
    ['empty', () => Buffer.alloc(0)],
    ['all zeros', () => Buffer.alloc(algorithm === 'RS256' ? 384 : algorithm === 'ES256' ? 64 : 32)],
    ['all ones', () => Buffer.alloc(algorithm === 'RS256' ? 384 : algorithm === 'ES256' ? 64 : 32, 0xff)],
    ['of a key of its own', signerOf(makeKey(algorithm))],
    ['over another text', (input) => signer(`${input}x`)],
    ['cut short', (input) => signer(input).subarray(0, -1)],
    ['a byte too long', (input) => Buffer.concat([signer(input), Buffer.from('x')])],
  ])('is rejected with a signature that is %s', async (_what, wrongSigner) => {
    expect(await answer(forge(genuine, wrongSigner))).toEqual(INVALID);
  });

  it('is rejected with one bit of the signature flipped', async () => {
    expect(await answer(withFlippedBit(genuine))).toEqual(INVALID);
  });

  it('is rejected when its claims were changed after signing', async () => {
    const [header, , signature] = genuine.split('.');
    const claims = segment(JSON.stringify({ ...decode(genuine).claims, role: 'ADMIN' }));
    expect(await answer(`${header}.${claims}.${signature}`)).toEqual(INVALID);
  });

  it('is rejected with a key in its header, and nothing is fetched', async () => {
    const requests: (string | undefined)[] = [];
    const listener = createServer((request, response) => {
      requests.push(request.url);
      response.end('{"keys":[]}');
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
    const own = makeKey('ES256', { kid: 'own' });
    const publicKey = createPublicKey({ key: own, format: 'jwk' });
    const certificate = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    const headers = [
      { jwk: publicKey.export({ format: 'jwk' }) },
      { jku: `${address}/jwks.json` },
      { x5u: `${address}/certificate.pem` },
      { x5c: [certificate] },
    ];
    try {
      for (const embedded of headers) {
        for (const kid of [decode(genuine).header['kid'], own.kid, `${address}/kid`]) {
          const header = { alg: 'ES256', kid, ...embedded };
          expect(await answer(forge(genuine, signerOf(own), { header }))).toEqual(INVALID);
        }
      }
      expect(requests).toEqual([]);
    } finally {
      listener.close();
    }
  });

  it.each([
    ['nothing like a token', 'garbage'],
    ['two dots', '..'],
    ['one part', 'eyJhbGciOiJIUzI1NiJ9'],
    ['two parts', 'eyJhbGciOiJIUzI1NiJ9.e30'],
    ['four parts', 'e30.e30.e30.e30'],
    ['five parts, as encrypted ones have', 'eyJhbGciOiJkaXIifQ..AA.AA.AA'],
    ['a header that is not JSON', `${segment('{"alg"')}.e30.AA`],
    ['a header that is null', `${segment('null')}.e30.AA`],
    ['a header that is an array', `${segment('[]')}.e30.AA`],
    ['two tokens', 'a.b.c d.e.f'],
    ['15 KB of text', 'x'.repeat(15_000)],
    ['15 KB in the form of a token', `${segment('{}')}.${'x'.repeat(14_000)}.AA`],
  ])('is rejected when it is %s', async (_what, token) => {
    expect(await answer(token)).toEqual(INVALID);
  });

  it('is rejected when it is a refresh token', async () => {
    const { refreshToken } = await tandem.login();
    expect(await answer(refreshToken)).toEqual(INVALID);
    expect((await tandem.refresh(refreshToken)).errors).toBeUndefined();
  });
});
