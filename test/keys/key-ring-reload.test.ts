import { chmodSync, copyFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createKeyRingFile } from '../../src/keys/key-ring-writing.js';
import { decode, makeKey, refreshKey, ringKeys, signingKey, writeRing } from '../support/forge.js';
import { PRODUCTION, PROTECTED, startTandem, type Tandem, type Tokens } from '../support/harness.js';
import { makeScratch } from '../support/scratch.js';

describe('a key ring file that is edited while the server runs', () => {
  let tandem: Tandem;
  let before: Tokens;
  beforeEach(async () => {
    tandem = await startTandem();
    before = await tandem.login();
  });
  afterEach(() => tandem.close());

  const kidOf = ({ authToken }: Tokens) => decode(authToken).header['kid'];
  const refusals = () => tandem.log().split('"event":"key_ring.refused"').length - 1;

  it.each([
    ['is gone', () => rmSync(tandem.keyRingPath)],
    ['is empty', () => writeFileSync(tandem.keyRingPath, '')],
    ['is cut off', () => writeFileSync(tandem.keyRingPath, JSON.stringify({ keys: ringKeys(tandem) }).slice(0, -9))],
    ['has a weak secret', () => writeRing(tandem, [signingKey(tandem), { ...refreshKey(tandem), k: 'c2VjcmV0' }])],
    ['has two keys of one name', () => writeRing(tandem, [...ringKeys(tandem), signingKey(tandem)])],
    ['has a public key', () => writeRing(tandem, [{ ...signingKey(tandem), d: undefined }, refreshKey(tandem)])],
  ])('is ignored and logged once without a key when it %s', async (_what, spoil) => {
    const keys = ringKeys(tandem);
    const copy = `${tandem.keyRingPath}.copy`;
    copyFileSync(tandem.keyRingPath, copy);
    spoil();
    await until(() => refusals() > 0);
    expect((await tandem.send(PROTECTED, {}, { token: before.authToken })).status).toBe(200);
    expect((await tandem.refresh(before.refreshToken)).errors).toBeUndefined();
    expect(kidOf(await tandem.login())).toBe(kidOf(before));
    expect(refusals()).toBe(1);
    for (const { d, k } of keys) for (const secret of [d, k]) if (secret) expect(tandem.log()).not.toContain(secret);

    const mended = makeKey('ES256', { signs_from: Math.floor(tandem.clock.nowMs() / 1000) });
    renameSync(copy, tandem.keyRingPath);
    writeRing(tandem, [...keys, mended]);
    await until(() => tandem.log().includes('"event":"key_ring.changed"'));
    await until(async () => kidOf(await tandem.login()) === mended.kid);
    expect((await tandem.send(PROTECTED, {}, { token: before.authToken })).status).toBe(200);
  });
});

describe('a key ring file whose mode changes while the server runs in production', () => {
  it('is rejected while others can read it, and accepted again afterwards', async () => {
    const scratch = makeScratch();
    const path = join(scratch.path, 'key-ring.json');
    createKeyRingFile(path, 'ES256', 0);
    const tandem = await startTandem({ ...PRODUCTION, KEY_RING_FILE: path });
    chmodSync(path, 0o644);
    await until(() => tandem.log().includes('"event":"key_ring.refused"'));
    chmodSync(path, 0o600);
    await until(() => tandem.log().includes('"event":"key_ring.changed"'));
    await tandem.close();
    scratch.remove();
  });
});

describe('a key ring file that the server has just created', () => {
  let tandem: Tandem;
  beforeEach(async () => (tandem = await startTandem()));
  afterEach(() => tandem.close());

  it('is read again after a change', async () => {
    rmSync(tandem.keyRingPath);
    await until(() => tandem.log().includes('"event":"key_ring.refused"'));
  });
});

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 5000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('It did not come about within five seconds');
    await setTimeout(20);
  }
}
