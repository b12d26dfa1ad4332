import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { AS_PEM, generateSigningKey } from '../../src/keys/key-generation.js';
import { verifyEvents } from '../../src/events/event-audit.js';
import { readKeyRingFile } from '../../src/keys/key-ring-reading.js';
import { decode, makeKey, refreshKey, ringKeys, signingKey } from '../support/forge.js';
import { PROTECTED, refusal, startTandem, tokensOf, type Tandem } from '../support/harness.js';
import { runProgram } from '../support/program.js';
import { makeScratch, type Scratch } from '../support/scratch.js';

const kidOf = (token: string) => decode(token).header['kid'];

describe('the keys command', () => {
  let scratch: Scratch;
  let tandem: Tandem;
  beforeAll(() => {
    scratch = makeScratch();
  });
  beforeEach(async () => (tandem = await startTandem()));
  afterEach(() => tandem.close());
  afterAll(() => scratch.remove());

  const run = (args: string[], keyRingPath = tandem.keyRingPath) => {
    const environment = { DATABASE_URL: tandem.config.database.url, KEY_RING_FILE: keyRingPath };
    return runProgram(scratch.path, 'cli/keys.js', { args, environment });
  };
  const keys = async (...args: string[]) => {
    const ended = await run(args);
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    return ended.stdout;
  };
  const read = (token: string) => tandem.send(PROTECTED, {}, { token });
  const jwks = (headers: Record<string, string> = {}) => fetch(`${tandem.url}/.well-known/jwks.json`, { headers });
  const publishedKids = async () =>
    ((await (await jwks()).json()) as { keys: { kid: string }[] }).keys.map((k) => k.kid);
  const eventKeys = () => readKeyRingFile(tandem.keyRingPath).eventKeys;
  const eventKids = () => [...eventKeys().keys()];
  const signingKids = () => ringKeys(tandem).flatMap(({ kid, use }) => (use === 'sig' ? [kid] : []));

  it('creates a ring that only its owner can read, and never changes an existing one', async () => {
    const path = join(scratch.path, 'fresh', 'key-ring.json');
    expect(await run(['init'], path)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const before = readFileSync(path, 'utf8');
    expect((await run(['init'], path)).exitCode).toBe(1);
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it('lists all keys without secrets', async () => {
    const listed = await keys('list');
    for (const { kid, d, k } of ringKeys(tandem)) {
      expect(listed).toContain(kid);
      for (const secret of [d, k]) if (secret) expect(listed).not.toContain(secret);
    }
  });

  it('publishes a new key at once and signs with it after the announcement time', async () => {
    const old = signingKey(tandem).kid;
    await keys('rotate');
    const next = signingKids().find((kid) => kid !== old);
    expect((await publishedKids()).sort()).toEqual([old, next].sort());
    expect(kidOf((await tandem.login()).authToken)).toBe(old);
    tandem.clock.advance(590);
    expect(kidOf((await tandem.login()).authToken)).toBe(old);
    tandem.clock.advance(15);
    expect(kidOf((await tandem.login()).authToken)).toBe(next);
  });

  it('changes the ETag of the JWKS with every rotation', async () => {
    const first = await jwks();
    expect(first.headers.get('cache-control')).toBe('public, max-age=300');
    const etag = String(first.headers.get('etag'));
    const unchanged = await jwks({ 'if-none-match': etag });
    expect([unchanged.status, await unchanged.text()]).toEqual([304, '']);
    await keys('rotate');
    const changed = await jwks({ 'if-none-match': etag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(etag);
  });

  it('lets a third party verify tokens of both keys after a rotation', async () => {
    const before = await tandem.login();
    await keys('rotate', '--announce-seconds', '0');
    const after = await tandem.login();
    expect(kidOf(after.authToken)).not.toBe(kidOf(before.authToken));
    const published = createRemoteJWKSet(new URL(`${tandem.url}/.well-known/jwks.json`));
    const { issuer, audience } = tandem.config.authToken;
    for (const { authToken, sessionId } of [before, after]) {
      const { payload } = await jwtVerify(authToken, published, { issuer, audience, typ: 'at+jwt' });
      expect(payload['sid']).toBe(sessionId);
    }
  });

  it('rotates keys under load without a failed request or a logout', async () => {
    let { authToken, refreshToken } = await tandem.login();
    const signers = new Set([kidOf(authToken)]);
    let isOver = false;
    const reading = (async () => {
      for (; !isOver; await setTimeout(1)) expect((await read(authToken)).status).toBe(200);
    })();
    const refreshing = (async () => {
      for (; !isOver; await setTimeout(1)) {
        const reply = await tandem.refresh(refreshToken);
        expect(reply.errors).toBeUndefined();
        ({ authToken, refreshToken } = tokensOf(reply.data.refreshToken));
        signers.add(kidOf(authToken));
      }
    })();
    await keys('rotate', '--announce-seconds', '0');
    await keys('rotate', '--refresh');
    isOver = true;
    await Promise.all([reading, refreshing]);
    expect([...signers]).toEqual(signingKids());
  });

  it('creates no key ID that starts with a dash', () => {
    const kids = Array.from({ length: 600 }, () => generateSigningKey('ES256', 0).kid);
    expect(kids.filter((kid) => kid.startsWith('-'))).toEqual([]);
  });

  it('rejects auth tokens of a retired key at the next request and keeps their sessions', async () => {
    const old = await tandem.login();
    expect((await read(old.authToken)).status).toBe(200);
    await keys('rotate', '--announce-seconds', '0');
    await keys('retire', String(kidOf(old.authToken)));
    expect(refusal(await read(old.authToken))).toMatchObject({ status: 401, reason: 'TOKEN_INVALID' });
    expect(await publishedKids()).toEqual(signingKids());
    const pair = tokensOf((await tandem.refresh(old.refreshToken)).data.refreshToken);
    expect(pair.sessionId).toBe(old.sessionId);
    expect((await read(pair.authToken)).status).toBe(200);
  });

  it('retires a secret of active sessions only with --force', async () => {
    const { kid } = refreshKey(tandem);
    const old = await tandem.login();
    await keys('rotate', '--refresh');
    tandem.clock.advance(601);
    const young = await tandem.login();

    const before = readFileSync(tandem.keyRingPath, 'utf8');
    expect(await run(['retire', kid])).toMatchObject({ exitCode: 1, stdout: '' });
    expect(readFileSync(tandem.keyRingPath, 'utf8')).toBe(before);
    const next = tokensOf((await tandem.refresh(old.refreshToken)).data.refreshToken);

    await keys('retire', kid, '--force');
    expect(refusal(await tandem.refresh(next.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_UNKNOWN' });
    expect((await tandem.refresh(young.refreshToken)).errors).toBeUndefined();
  });

  it('retires a secret that no active session uses', async () => {
    const { kid } = refreshKey(tandem);
    const { authToken: token } = await tandem.login();
    await keys('rotate', '--refresh');
    await tandem.send('mutation { logout { loggedOut } }', {}, { token });
    await keys('retire', kid);
    expect(ringKeys(tandem).map((key) => key.kid)).not.toContain(kid);
  });

  it('rotates the secret of security events: new events use it, and the chain stays verifiable', async () => {
    const person = await tandem.person();
    await tandem.login(person);
    await keys('rotate', '--events', '--announce-seconds', '0');
    tandem.clock.advance(10);
    await tandem.login(person);
    const events = await tandem.database.securityEvent.findMany({ orderBy: { sequence: 'asc' } });
    expect(events.map(({ macKeyId }) => macKeyId)).toEqual(eventKids());
    expect((await verifyEvents(tandem.database, eventKeys(), [])).faults).toEqual([]);
  });

  it('retires a secret of stored security events only with --force', async () => {
    const [kid = ''] = eventKids();
    await tandem.login();
    await keys('rotate', '--events', '--announce-seconds', '0');

    const before = readFileSync(tandem.keyRingPath, 'utf8');
    expect(await run(['retire', kid])).toMatchObject({ exitCode: 1, stdout: '' });
    expect(readFileSync(tandem.keyRingPath, 'utf8')).toBe(before);

    await keys('retire', kid, '--force');
    expect(eventKids()).not.toContain(kid);
    expect((await verifyEvents(tandem.database, eventKeys(), [])).faults).toHaveLength(1);
  });

  it('retires a secret that no stored security event uses', async () => {
    const [kid = ''] = eventKids();
    await keys('rotate', '--events', '--announce-seconds', '0');
    await keys('retire', kid);
    expect(eventKids()).toHaveLength(1);
    expect(eventKids()).not.toContain(kid);
  });

  it.each([
    ['the only key of its kind', () => ['retire', signingKey(tandem).kid]],
    ['a key that is not there', () => ['retire', 'nobody']],
    ['nothing', () => ['retire']],
    ['a word it does not know', () => ['constructor']],
    ['an unknown algorithm', () => ['rotate', '--algorithm', 'none']],
    ['a time that is none', () => ['rotate', '--announce-seconds', '-1']],
    ['a file that holds no key', () => ['import', 'package.json']],
  ])('rejects %s and changes nothing', async (_what, args) => {
    const before = readFileSync(tandem.keyRingPath, 'utf8');
    const refused = await run(args());
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(refused.stderr).not.toMatch(/^ +at /m);
    expect(readFileSync(tandem.keyRingPath, 'utf8')).toBe(before);
  });

  it.each([
    ['PEM', 'ES256', pemKey],
    ['JWK', 'RS256', () => JSON.stringify(makeKey('RS256', { kid: 'from elsewhere' }))],
  ])('imports a private key as %s and signs with it', async (_form, alg, text) => {
    const path = join(scratch.path, 'imported');
    writeFileSync(path, text());
    const old = signingKey(tandem).kid;
    const listed = await keys('import', path, '--announce-seconds', '0');
    const { authToken } = await tandem.login();
    expect(decode(authToken).header['alg']).toBe(alg);
    expect(kidOf(authToken)).not.toBe(old);
    expect(listed.split('\n').find((line) => line.startsWith(`${kidOf(authToken)} `))).toMatch(/ in use$/);
    expect((await read(authToken)).status).toBe(200);
  });
});

function pemKey(): string {
  return generateKeyPairSync('ec', { namedCurve: 'P-256', ...AS_PEM }).privateKey;
}
