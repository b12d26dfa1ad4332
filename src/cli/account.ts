import process from 'node:process';
import { accountAdministration } from '../app/account-administration.js';
import { databaseClock } from '../database/database-clock.js';
import { openDatabase } from '../database/client.js';
import { requireExistingDatabase } from '../database/existing-database.js';
import { migratedDatabase } from '../migrated-database.js';
import { createLogger } from '../shared/logger.js';
import {
  changeRole,
  clearLimits,
  createAccount,
  deleteAccount,
  disableAccount,
  enableAccount,
  listAccounts,
  revokeSessions,
  setPassword,
  showEvents,
  showLimits,
  type AccountCommand,
} from './account-commands.js';
import { invite, listInvitations, revokeInvitation } from './invitation-commands.js';
import { commandConfig } from './command-config.js';
import { runCommand } from './command.js';
import { UsageError } from './usage-error.js';

const USAGE = `Usage: npm run account -- <command> (in production: node dist/cli/account.js <command>)

  create <email> <display name>   Create an account. The password is read from standard input
  invite <email>                  Let somebody sign up once with this address, if registration is by invitation
    --days N                      It expires after N days instead of 7
  invitations                     Show the invitations that can be used
  revoke-invitation <email>       Revoke an invitation
  list                            Show all accounts
  set-password <email>            Replace the password and revoke all sessions. The password is read from standard input
  revoke-sessions <email>         Revoke all sessions of an account
  events <email>                  Show the newest security events of an account
  limits <email>                  Show the limits of an account: of logins, codes, password changes and mails
  clear-limits <email>|<address>  Clear the limits of an account, or of a client address
  disable <email>                 Revoke all sessions of an account and reject its logins
  enable <email>                  Accept its logins again
  role <email> MEMBER|ADMIN       Change the role of an account
  delete <email>                  Delete a disabled account with its sessions, posts and events`;

interface Entry {
  readonly run: AccountCommand;
  readonly operands: { readonly least: number; readonly most: number };
}

const ONE = { least: 1, most: 1 };

const COMMANDS: ReadonlyMap<string, Entry> = new Map([
  ['create', { run: createAccount, operands: { least: 2, most: Infinity } }],
  ['invite', { run: invite, operands: ONE }],
  ['invitations', { run: listInvitations, operands: { least: 0, most: 0 } }],
  ['revoke-invitation', { run: revokeInvitation, operands: ONE }],
  ['list', { run: listAccounts, operands: { least: 0, most: 0 } }],
  ['set-password', { run: setPassword, operands: ONE }],
  ['revoke-sessions', { run: revokeSessions, operands: ONE }],
  ['events', { run: showEvents, operands: ONE }],
  ['limits', { run: showLimits, operands: ONE }],
  ['clear-limits', { run: clearLimits, operands: ONE }],
  ['disable', { run: disableAccount, operands: ONE }],
  ['enable', { run: enableAccount, operands: ONE }],
  ['role', { run: changeRole, operands: { least: 2, most: 2 } }],
  ['delete', { run: deleteAccount, operands: ONE }],
]);

runCommand({
  usage: USAGE,
  options: { days: { type: 'string' } },
  async run([command = '', ...operands], { days }) {
    const entry = COMMANDS.get(command);
    if (!entry || operands.length < entry.operands.least || operands.length > entry.operands.most) {
      throw new UsageError(USAGE);
    }
    if (days !== undefined && entry.run !== invite) throw new UsageError(USAGE);
    const config = commandConfig();
    if (entry.run === invite && config.registration.mode === 'closed') {
      throw new UsageError('REGISTRATION is closed, so nobody could use an invitation. Set REGISTRATION=invitation.');
    }
    // Only the first account of a deployment can come before its database.
    const canBeFirst = entry.run === createAccount || entry.run === invite;
    if (!canBeFirst) requireExistingDatabase(config.database.url);
    const logger = createLogger(config.logLevel, process.stderr);
    const database = await migratedDatabase(config, logger, openDatabase);
    try {
      const clock = await databaseClock(database);
      clock.stop();
      const tools = accountAdministration(config, database, clock, logger);
      const sendsMail = config.mail.smtpUrl !== undefined;
      return await entry.run({ ...tools, database, sendsMail }, operands, { days });
    } finally {
      await database.$disconnect();
    }
  },
});
