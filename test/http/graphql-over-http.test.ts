import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverAudits } from 'graphql-http';
import { createKeyRingFile } from '../../src/keys/key-ring-writing.js';
import { PRODUCTION, startTandem, type Tandem } from '../support/harness.js';

/** Pins the audits of GraphQL over HTTP that do not pass, by their id, so that a change is noticed. */
function describeAudit(expected: Record<string, 'warn' | 'error' | 'notice'>, start: () => Promise<Tandem>): void {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await start()));
  afterAll(() => tandem.close());

  const audits = serverAudits({
    url: () => `${tandem.url}/graphql`,
    fetchFn: (url: string, init?: RequestInit) =>
      fetch(url, { ...init, headers: { ...init?.headers, 'apollo-require-preflight': '1' } }),
  });
  it.each(audits.map(({ id, name, fn }) => ({ id, name, fn })))('$id $name', async ({ id, fn }) => {
    const { status } = await fn();
    expect(status).toBe(expected[id] ?? 'ok');
  });
}

/** They expect 200. Newer drafts expect 4xx, as do clients that check the status first. */
const ANSWERED_4XX = { '572B': 'warn', FDE2: 'warn', '7B9B': 'warn' } as const;
/** They send `__type`, which production rejects. */
const INTROSPECTING = {
  BF61: 'error',
  '28B9': 'error',
  '2EA1': 'warn',
  D6D5: 'notice',
  '6A70': 'notice',
} as const;

describe('GraphQL over HTTP', () => {
  describe('in development', () => describeAudit(ANSWERED_4XX, startTandem));

  describe('in production', () => {
    const directory = mkdtempSync(join(tmpdir(), 'tandem-'));
    const keyRingPath = join(directory, 'key-ring.json');
    afterAll(() => rmSync(directory, { recursive: true }));

    describeAudit({ ...ANSWERED_4XX, ...INTROSPECTING }, async () => {
      createKeyRingFile(keyRingPath, 'ES256', 0);
      return startTandem({ ...PRODUCTION, KEY_RING_FILE: keyRingPath });
    });
  });
});
