import { generateKeyPairSync } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { AS_PEM } from '../../src/keys/key-generation.js';
import { createKeyRingFile } from '../../src/keys/key-ring-writing.js';
import { makeKey, refreshKey, ringKeys, signingKey } from '../support/forge.js';
import { runProgram } from '../support/program.js';
import { makeScratch, type Scratch } from '../support/scratch.js';

const IS_ROOT = process.getuid?.() === 0;
/** Only root can give files to other users. */
const SERVICE = IS_ROOT ? { uid: 12_345, gid: 12_346 } : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

let scratch: Scratch;
let keyRingPath: string;
beforeEach(() => {
  scratch = makeScratch();
  keyRingPath = join(scratch.path, 'keys', 'key-ring.json');
  createKeyRingFile(keyRingPath, 'ES256', 0);
});
afterEach(() => scratch.remove());

const run = (args: string[], environment: Record<string, string> = {}) =>
  runProgram(scratch.path, 'cli/keys.js', { args, environment: { KEY_RING_FILE: keyRingPath, ...environment } });
const rotate = ['rotate', '--announce-seconds', '0'];
const text = () => readFileSync(keyRingPath, 'utf8');

async function expectRejection(args: string[], environment: Record<string, string>, ...named: string[]) {
  const rejected = await run(args, environment);
  expect(rejected).toMatchObject({ exitCode: 1, stdout: '' });
  expect(rejected.stderr).not.toMatch(/^ +at /m);
  for (const name of named) expect(rejected.stderr).toContain(name);
}

describe('keys rotate', () => {
  it.each([0o600, 0o400, 0o440])('keeps the owner, the group and the mode %o of the file', async (mode) => {
    chownSync(keyRingPath, SERVICE.uid, SERVICE.gid);
    chmodSync(keyRingPath, mode);
    expect(await run(rotate)).toMatchObject({ exitCode: 0 });
    expect(ringKeys({ keyRingPath })).toHaveLength(3);
    const { uid, gid, mode: found } = statSync(keyRingPath);
    expect({ uid, gid, mode: found & 0o777 }).toEqual({ ...SERVICE, mode });
  });

  it('changes the file that a symbolic link names, and keeps the link', async () => {
    const link = join(scratch.path, 'link.json');
    symlinkSync(keyRingPath, link);
    expect(await run(rotate, { KEY_RING_FILE: link })).toMatchObject({ exitCode: 0 });
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(ringKeys({ keyRingPath })).toHaveLength(3);
  });

  it('loses no key when many commands change the ring at once', async () => {
    writeFileSync(join(scratch.path, 'key.json'), JSON.stringify(makeKey('ES256', { kid: 'imported' })));
    const others = Array.from({ length: 7 }, () => run(rotate));
    const ended = await Promise.all([...others, run(['import', join(scratch.path, 'key.json')])]);
    expect(ended.map(({ exitCode }) => exitCode)).toEqual(ended.map(() => 0));
    expect(ringKeys({ keyRingPath })).toHaveLength(2 + 8);
  });

  it('names the file that a crashed command left, and changes nothing', async () => {
    const lock = `${keyRingPath}.lock`;
    writeFileSync(lock, '');
    const before = text();
    await expectRejection(rotate, {}, lock);
    expect(text()).toBe(before);
    expect(existsSync(lock)).toBe(true);
  });

  it('rejects a ring that servers reject in production, and changes nothing', async () => {
    chmodSync(keyRingPath, 0o644);
    const before = text();
    await expectRejection(rotate, { NODE_ENV: 'production' }, 'chmod 600', keyRingPath);
    expect(text()).toBe(before);
  });
});

describe('keys init', () => {
  it('gives the ring to the owner of its folder', async () => {
    const folder = join(scratch.path, 'service');
    mkdirSync(folder);
    chownSync(folder, SERVICE.uid, SERVICE.gid);
    const path = join(folder, 'key-ring.json');
    expect(await run(['init'], { KEY_RING_FILE: path })).toMatchObject({ exitCode: 0 });
    const { uid, gid, mode } = statSync(path);
    expect({ uid, gid, mode: mode & 0o777 }).toEqual({ ...SERVICE, mode: 0o600 });
  });

  it('reports a symbolic link to a missing file', async () => {
    const link = join(scratch.path, 'link.json');
    symlinkSync(join(scratch.path, 'missing.json'), link);
    await expectRejection(['init'], { KEY_RING_FILE: link }, link);
  });
});

describe('keys retire', () => {
  it('keeps the only key of the algorithm that servers sign with', async () => {
    const { kid } = signingKey({ keyRingPath });
    await run([...rotate, '--algorithm', 'RS256']);
    const before = text();
    await expectRejection(['retire', kid], { AUTH_TOKEN_ALGORITHM: 'ES256' }, 'ES256');
    expect(text()).toBe(before);
  });

  it('creates no database to look for sessions', async () => {
    const { kid } = refreshKey({ keyRingPath });
    await run([...rotate, '--refresh']);
    await expectRejection(['retire', kid], { DATABASE_URL: 'file:missing.db' }, 'missing.db');
    expect(existsSync(join(scratch.path, 'missing.db'))).toBe(false);
  });
});

describe('keys list', () => {
  it('creates no ring', async () => {
    const path = join(scratch.path, 'other', 'key-ring.json');
    await expectRejection(['list'], { KEY_RING_FILE: path }, path, 'keys -- init');
    expect(existsSync(dirname(path))).toBe(false);
  });

  it('shows which key servers sign with when AUTH_TOKEN_ALGORITHM is set', async () => {
    const { kid } = signingKey({ keyRingPath });
    await run([...rotate, '--algorithm', 'RS256']);
    const { stdout } = await run(['list'], { AUTH_TOKEN_ALGORITHM: 'ES256' });
    const inUse = stdout.split('\n').filter((line) => line.endsWith(' in use') && line.includes('auth tokens'));
    expect(inUse).toEqual([expect.stringContaining(kid)]);
  });

  it('shows the keys of KEY_RING', async () => {
    const keys = [makeKey('ES256', { kid: 'from-the-environment' }), refreshKey({ keyRingPath })];
    const { exitCode, stdout } = await run(['list'], { KEY_RING: JSON.stringify({ keys }) });
    expect([exitCode, stdout.split('\n')[0]]).toEqual([0, expect.stringMatching(/^from-the-environment .* in use$/)]);
  });
});

describe('with KEY_RING set', () => {
  it.each([
    ['init', () => ['init']],
    ['rotate', () => rotate],
    ['retire', () => ['retire', signingKey({ keyRingPath }).kid]],
    ['import', () => ['import', join(scratch.path, 'key.json')]],
  ])('keys %s fails, because servers do not read the file', async (_command, args) => {
    writeFileSync(join(scratch.path, 'key.json'), JSON.stringify(makeKey('ES256')));
    const before = text();
    await expectRejection(args(), { KEY_RING: before }, 'KEY_RING');
    expect(text()).toBe(before);
  });
});

describe('a key ring that cannot be read', () => {
  it.each([
    ['a folder', (path: string) => mkdirSync(path)],
    ['not JSON', (path: string) => writeFileSync(path, '{"keys": [{"d": "c2VjcmV0')],
    ['not a JWK Set', (path: string) => writeFileSync(path, '{}')],
    ['below a file', (path: string) => writeFileSync(dirname(path), '', { flag: 'a' })],
  ])('is named when it is %s', async (what, spoil) => {
    const path = join(scratch.path, what === 'below a file' ? 'file' : 'keys', 'spoiled.json');
    spoil(path);
    for (const NODE_ENV of ['development', 'production']) {
      if (existsSync(path)) chmodSync(path, 0o700);
      await expectRejection(['list'], { NODE_ENV, KEY_RING_FILE: path }, path);
      await expectRejection(rotate, { NODE_ENV, KEY_RING_FILE: path }, path);
    }
  });
});

describe('keys import', () => {
  const pem = () => generateKeyPairSync('ec', { namedCurve: 'P-256', ...AS_PEM });
  const encrypted = () =>
    generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      publicKeyEncoding: AS_PEM.publicKeyEncoding,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' },
    }).privateKey;

  it.each<[string, () => string, RegExp]>([
    ['a public PEM', () => pem().publicKey, /public key/],
    ['an encrypted PEM', encrypted, /encrypted/],
    ['a damaged PEM', () => pem().privateKey.replace(/[A-Za-z]/g, 'A'), /PEM/],
    ['a public JWK', () => JSON.stringify({ ...makeKey('ES256'), d: undefined }), /public key/],
    ['half a JWK', () => JSON.stringify(makeKey('ES256', { d: 'c2VjcmV0' })).slice(0, -9), /not valid JSON/],
    ['a JWK Set', () => JSON.stringify({ keys: [makeKey('ES256')] }), /JWK Set/],
    ['a JWK of another use', () => JSON.stringify(makeKey('HS256', { use: 'refresh' })), /"sig"/],
    ['an Ed25519 key', () => generateKeyPairSync('ed25519', AS_PEM as never).privateKey as unknown as string, /kty/],
    ['other text', () => 'hunter2', /neither/],
  ])('explains why it rejects %s, and repeats no key material', async (_what, content, problem) => {
    const path = join(scratch.path, 'imported');
    writeFileSync(path, content());
    const before = text();
    const { exitCode, stderr } = await run(['import', path]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(path);
    expect(stderr).toMatch(problem);
    expect(stderr).not.toMatch(/DECODER|routines|Unexpected|^ +at |c2VjcmV0|hunter2/m);
    expect(text()).toBe(before);
    expect(readdirSync(dirname(keyRingPath))).toEqual(['key-ring.json']);
  });
});

describe('an option that a keys command does not have', () => {
  it.each([
    'list --force',
    'init --refresh',
    'retire a --announce-seconds 5',
    'import a.pem --algorithm RS256',
    'rotate --force',
    'rotate --refresh --events',
    'rotate --refresh --algorithm RS256',
  ])('is rejected, and nothing changes: %s', async (line) => {
    const before = text();
    const words = line.split(' ');
    await expectRejection(words, {}, words.findLast((word) => word.startsWith('--')) ?? '');
    expect(text()).toBe(before);
  });
});

describe('keys --help', () => {
  it.each([['--help'], ['-h'], ['rotate', '--help']])('prints the usage and succeeds: %s %s', async (...args) => {
    const { exitCode, stdout, stderr } = await run(args.filter((arg) => typeof arg === 'string'));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('Usage:');
  });
});
