import { accountAdministration } from '../../src/app/account-administration.js';
import type { AccountCommand, AccountOptions } from '../../src/cli/account-commands.js';
import { openDatabase } from '../../src/database/client.js';
import { createLogger } from '../../src/shared/logger.js';
import type { Person, Tandem } from './harness.js';

/** Runs a function of the account command on a separate database connection, as another process does. */
export async function operate(
  command: AccountCommand,
  { config, clock }: Pick<Tandem, 'config' | 'clock'>,
  { email }: Person,
  operands: readonly string[] = [],
  options: AccountOptions = {},
): Promise<string> {
  const database = openDatabase({ url: config.database.url });
  const tools = accountAdministration(config, database, clock, createLogger('silent'));
  const sendsMail = config.mail.smtpUrl !== undefined;
  try {
    return await command({ ...tools, database, sendsMail }, [email, ...operands], options);
  } finally {
    await database.$disconnect();
  }
}
