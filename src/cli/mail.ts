import { isEmailAddress, normalizeEmail } from '../accounts/email-address.js';
import { databaseClock } from '../database/database-clock.js';
import { openExistingDatabase } from '../database/existing-database.js';
import { systemClock } from '../shared/clock.js';
import { commandConfig } from './command-config.js';
import { runCommand } from './command.js';
import { listMails, retryMails, sendTestMail } from './mail-commands.js';
import { UsageError } from './usage-error.js';

const USAGE = `Usage: npm run mail -- <command> (in production: node dist/cli/mail.js <command>)

  test <address>  Send a test mail at once, and show why it was not accepted
  list            Show the mails that were not sent, with the last error
  retry           Try all mails again whose last attempt failed, also those that were given up`;

runCommand({
  usage: USAGE,
  async run([command, address, ...others]) {
    if (others.length > 0) throw new UsageError(USAGE);
    const config = commandConfig();
    if (command === 'test') {
      if (!address || !isEmailAddress(address)) throw new UsageError(USAGE);
      return sendTestMail(config.mail, normalizeEmail(address), systemClock());
    }
    if ((command !== 'list' && command !== 'retry') || address !== undefined) throw new UsageError(USAGE);
    const database = await openExistingDatabase(config.database);
    try {
      const clock = await databaseClock(database);
      clock.stop();
      return command === 'list' ? await listMails(database) : await retryMails(database, clock);
    } finally {
      await database.$disconnect();
    }
  },
});
