import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTandem, type Tandem } from '../../test/support/harness.js';
import { makeScratch, type Scratch } from '../../test/support/scratch.js';
import { memoryTokenStore } from '../src/index.js';
import { LOGIN, loginPair, openTab, READ } from './support/tab.js';

const HOUR_AND_A_SECOND = 3601;
const MANIFEST = JSON.parse(readFileSync('client/persisted-documents.json', 'utf8')) as Record<string, string>;

describe('persisted-documents.json', () => {
  let scratch: Scratch;
  let tandem: Tandem;
  beforeAll(async () => {
    scratch = makeScratch();
    const file = join(scratch.path, 'documents.json');
    writeFileSync(file, JSON.stringify({ ...MANIFEST, login: LOGIN, read: READ }));
    tandem = await startTandem({ TRUSTED_DOCUMENTS: 'strict', TRUSTED_DOCUMENTS_FILE: file });
  });
  afterAll(async () => {
    await tandem.close();
    scratch.remove();
  });

  it('lets the client refresh and log out at a server that accepts only trusted documents', async () => {
    const tab = openTab(tandem, memoryTokenStore());
    await tab.client.signIn(await loginPair(tandem));
    tandem.clock.advance(HOUR_AND_A_SECOND);
    await expect(tab.read()).resolves.toBe('OK');
    await expect(tab.client.signOut()).resolves.toBe(true);
    expect(tab.network.sent.map(({ operationName }) => operationName)).toEqual(['Read', 'Refresh', 'Read', 'Logout']);
    tab.client.dispose();
  });

  it('names each document by its SHA-256 hash, as code generation does', () => {
    for (const [hash, text] of Object.entries(MANIFEST)) {
      expect(createHash('sha256').update(text).digest('hex')).toBe(hash);
    }
  });
});
