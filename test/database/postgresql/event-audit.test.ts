import { readFileSync } from 'node:fs';
import type { Database } from '../../../src/database/client.js';
import { verifyEvents } from '../../../src/events/event-audit.js';
import { parseKeyRing } from '../../../src/keys/key-ring-jwks.js';
import { startTandem, type Tandem } from '../../support/harness.js';

describe('the audit of security events', () => {
  let tandem: Tandem;
  beforeEach(async () => (tandem = await startTandem()));
  afterEach(() => tandem.close());

  it('finds no fault when an event is added between its reads', async () => {
    const person = await tandem.person();
    await tandem.login(person);
    const interrupted = tandem.database.$extends({
      query: {
        account: {
          async findUnique({ args, query }) {
            const account = await query(args);
            await tandem.login(person);
            return account;
          },
        },
      },
    });
    const { eventKeys } = parseKeyRing(readFileSync(tandem.keyRingPath, 'utf8'), tandem.keyRingPath);
    expect(await verifyEvents(interrupted as unknown as Database, eventKeys, [])).toMatchObject({ faults: [] });
  });
});
