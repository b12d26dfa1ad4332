import { existsSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { verifyEventChain } from '../events/event-chain.js';
import { loadCommandConfig } from '../config.js';
import type { Database } from '../database/client.js';
import { openExistingDatabase } from '../database/existing-database.js';
import { OperatorError } from '../shared/operator-error.js';
import { UsageError } from './usage-error.js';

const USAGE = `Usage: npm run audit -- verify (in production: node dist/cli/audit.js verify)

  verify   Check that no security event of any account was changed or removed`;

async function main(): Promise<string> {
  const { help, words } = commandLine();
  if (help) return USAGE;
  if (words.length !== 1 || words[0] !== 'verify') throw new UsageError(USAGE);
  if (existsSync('.env')) process.loadEnvFile('.env');
  const database = openExistingDatabase(loadCommandConfig(process.env).database);
  try {
    const faults = await verify(database);
    if (faults.length > 0) throw new OperatorError(faults.join('\n'));
    return 'Every chain of security events is whole.';
  } finally {
    await database.$disconnect();
  }
}

function commandLine(): { help: boolean; words: string[] } {
  try {
    const options = { help: { type: 'boolean', short: 'h', default: false } } as const;
    const { values, positionals } = parseArgs({ allowPositionals: true, options });
    return { help: values.help, words: positionals };
  } catch {
    throw new UsageError(USAGE);
  }
}

/** One line for each account whose events do not match its chain. */
async function verify(database: Database): Promise<string[]> {
  const faults: string[] = [];
  for (const { id, email } of await database.account.findMany({ select: { id: true, email: true } })) {
    // In one transaction, because a running server adds events at the same time.
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

function describe(error: unknown): string {
  if (error instanceof OperatorError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main().then(
  (output) => process.stdout.write(`${output}\n`),
  (error: unknown) => {
    process.stderr.write(`${describe(error)}\n`);
    process.exitCode = 1;
  },
);
