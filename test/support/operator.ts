import type { AccountCommand } from '../../src/cli/account-commands.js';
import { openDatabase } from '../../src/database/client.js';
import type { Person, Tandem } from './harness.js';

/** What the account command does, on a connection of its own as a process of its own would. */
export async function operate(
  command: AccountCommand,
  { config, clock }: Pick<Tandem, 'config' | 'clock'>,
  { email }: Person,
  ...operands: string[]
): Promise<void> {
  const database = openDatabase({ url: config.database.url });
  await command({ config: { ...config, logLevel: 'silent' }, database, clock }, [email, ...operands]);
  await database.$disconnect();
}
