import { accountAdministration } from '../../src/app/account-administration.js';
import type { AccountCommand } from '../../src/cli/account-commands.js';
import { openDatabase } from '../../src/database/client.js';
import { createLogger } from '../../src/shared/logger.js';
import type { Person, Tandem } from './harness.js';

/** Runs a function of the account command on a separate database connection, as another process does. */
export async function operate(
  command: AccountCommand,
  { config, clock }: Pick<Tandem, 'config' | 'clock'>,
  { email }: Person,
  ...operands: string[]
): Promise<string> {
  const database = openDatabase({ url: config.database.url });
  const { accounts, invitations } = accountAdministration(config, database, clock, createLogger('silent'));
  try {
    return await command({ accounts, invitations, database, sendsMail: config.mail.smtpUrl !== undefined }, [
      email,
      ...operands,
    ]);
  } finally {
    await database.$disconnect();
  }
}
