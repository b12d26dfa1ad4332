import { existsSync } from 'node:fs';
import process from 'node:process';
import { verifyEventChain } from '../events/event-chain.js';
import { loadConfig } from '../config.js';
import { openDatabase, type Database } from '../database/client.js';

const USAGE = `Usage: npm run audit -- verify

  verify   check that no security event of any account was changed or removed
`;

async function main(): Promise<void> {
  if (process.argv[2] !== 'verify' || process.argv.length > 3) throw new Error(USAGE);
  if (existsSync('.env')) process.loadEnvFile('.env');
  const database = openDatabase(loadConfig(process.env).database);
  try {
    const faults = await verify(database);
    for (const fault of faults) process.stderr.write(`${fault}\n`);
    if (faults.length > 0) process.exitCode = 1;
    else process.stdout.write('Every chain of security events is whole.\n');
  } finally {
    await database.$disconnect();
  }
}

/** One line for each account whose events do not fit together. */
async function verify(database: Database): Promise<string[]> {
  const faults: string[] = [];
  for (const { id, email } of await database.account.findMany({ select: { id: true, email: true } })) {
    // In one transaction, because a running server goes on writing.
    const fault = await database.$transaction(async (client) => {
      const select = { eventCount: true, eventHash: true };
      const account = await client.account.findUnique({ where: { id }, select });
      const events = await client.securityEvent.findMany({ where: { accountId: id }, orderBy: { sequence: 'asc' } });
      return account ? verifyEventChain(events, account) : undefined;
    });
    if (fault) faults.push(`${email} (${id}): ${fault}`);
  }
  return faults;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
