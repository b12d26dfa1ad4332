import { existsSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { loadCommandConfig } from '../config.js';
import { openDatabase } from '../database/client.js';
import { databaseClock } from '../database/database-clock.js';
import { migrate } from '../database/migrations/migrations.js';
import { Failure } from '../errors/failure.js';
import {
  changeRole,
  createAccount,
  disableAccount,
  enableAccount,
  listAccounts,
  type AccountCommand,
} from './account-commands.js';
import { OperatorError } from '../shared/operator-error.js';
import { UsageError } from './usage-error.js';

const USAGE = `Usage: npm run account -- <command>

  create <email> <display name>   Make an account; its password is read from standard input
  list                            Show all accounts
  disable <email>                 End all sessions of an account, and let it log in no more
  enable <email>                  Let it log in again
  role <email> MEMBER|ADMIN       Change what an account may do`;

interface Entry {
  readonly run: AccountCommand;
  readonly operands: { readonly least: number; readonly most: number };
}

const COMMANDS: ReadonlyMap<string, Entry> = new Map([
  ['create', { run: createAccount, operands: { least: 2, most: Infinity } }],
  ['list', { run: listAccounts, operands: { least: 0, most: 0 } }],
  ['disable', { run: disableAccount, operands: { least: 1, most: 1 } }],
  ['enable', { run: enableAccount, operands: { least: 1, most: 1 } }],
  ['role', { run: changeRole, operands: { least: 2, most: 2 } }],
]);

async function main(): Promise<string> {
  const { help, command, operands } = commandLine();
  if (help) return USAGE;
  const entry = COMMANDS.get(command);
  if (!entry || operands.length < entry.operands.least || operands.length > entry.operands.most) {
    throw new UsageError(USAGE);
  }
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = loadCommandConfig(process.env);
  await migrate({ url: config.database.url });
  const database = openDatabase(config.database);
  try {
    const clock = await databaseClock(database);
    clock.stop();
    return await entry.run({ config, database, clock }, operands);
  } finally {
    await database.$disconnect();
  }
}

function commandLine(): { help: boolean; command: string; operands: string[] } {
  try {
    const options = { help: { type: 'boolean', short: 'h' } } as const;
    const { values, positionals } = parseArgs({ allowPositionals: true, options });
    const [command = '', ...operands] = positionals;
    return { help: values.help ?? false, command, operands };
  } catch {
    throw new UsageError(USAGE);
  }
}

/** What the operator can mend is said plainly; anything else with its stack. */
function sayable(error: unknown): string {
  if (error instanceof OperatorError) return error.message;
  if (error instanceof Failure) return error.publicMessage ?? error.kind;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main().then(
  (answer) => process.stdout.write(`${answer}\n`),
  (error: unknown) => {
    process.stderr.write(`${sayable(error)}\n`);
    process.exitCode = 1;
  },
);
