import { existsSync } from 'node:fs';
import { openExistingDatabase } from '../database/existing-database.js';
import { protectEvents, verifyEvents } from '../events/event-audit.js';
import { readLoggedHeads } from '../events/logged-heads.js';
import { parseKeyRing } from '../keys/key-ring-jwks.js';
import { readKeyRingFile } from '../keys/key-ring-reading.js';
import { activeEventKey, type KeyRing, type KeyRingSettings } from '../keys/key-ring.js';
import type { Database } from '../database/client.js';
import { OperatorError } from '../shared/operator-error.js';
import { commandConfig } from './command-config.js';
import { runCommand } from './command.js';
import { UsageError } from './usage-error.js';

const USAGE = `Usage: npm run audit -- <command> (in production: node dist/cli/audit.js <command>)

  verify          Check that no security event of any account was changed, added or removed
    --heads FILE  Check that the database has all events that this log of a server knows, too
  protect         Add a MAC to the events of an earlier version of the server, once after the upgrade`;

runCommand({
  usage: USAGE,
  options: { heads: { type: 'string' } },
  async run([command, ...others], { heads }) {
    const isKnown = command === 'verify' || (command === 'protect' && heads === undefined);
    if (!isKnown || others.length > 0) throw new UsageError(USAGE);
    const config = commandConfig();
    if (heads !== undefined && !existsSync(heads)) throw new OperatorError(`There is no file ${heads}.`);
    const database = await openExistingDatabase(config.database);
    try {
      const ring = readRing(config.keyRing);
      return command === 'verify' ? await verify(database, ring, heads) : await protect(database, ring);
    } finally {
      await database.$disconnect();
    }
  },
});

async function verify(database: Database, { eventKeys }: KeyRing, heads: string | undefined): Promise<string> {
  const logged = heads === undefined ? [] : await readLoggedHeads(heads);
  const compared = heads === undefined ? '' : ` Heads in the log that were compared: ${logged.length}.`;
  const { expired, faults } = await verifyEvents(database, eventKeys, logged);
  if (faults.length > 0) throw new OperatorError(faults.join('\n'));
  return `All chains of security events are intact. Events that expired and were deleted: ${expired}.${compared}`;
}

async function protect(database: Database, ring: KeyRing): Promise<string> {
  const key = activeEventKey(ring, Date.now() / 1000);
  if (!key) throw new OperatorError('The key ring has no key for security events. Add one with: keys rotate --events');
  const { count, faults } = await protectEvents(database, ring.eventKeys, key);
  const result = `Events that got a MAC: ${count}.`;
  if (faults.length > 0) throw new OperatorError([result, ...faults].join('\n'));
  return result;
}

function readRing({ json, file }: KeyRingSettings): KeyRing {
  return json === undefined ? readKeyRingFile(file) : parseKeyRing(json, 'KEY_RING');
}
