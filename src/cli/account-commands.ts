import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { accountStore, type AccountStore } from '../accounts/account-store.js';
import { passwordHashing } from '../accounts/passwords/password-hashing.js';
import { passwordProblem } from '../accounts/passwords/password-rules.js';
import { eventRecording, type RecordEvents } from '../events/security-events.js';
import type { Config } from '../config.js';
import type { Database } from '../database/client.js';
import { Role } from '../database/generated/enums.js';
import { inTransaction } from '../database/transaction.js';
import { POLL_INTERVAL_MS } from '../revocation/sqlite-feed.js';
import { sessionRevocation } from '../sessions/session-revocation.js';
import type { Clock } from '../shared/clock.js';
import { idGenerator } from '../shared/id.js';
import { createLogger } from '../shared/logger.js';
import { UsageError } from './usage-error.js';
import { typedPassword } from './typed-password.js';

/** What the commands work with. */
export interface Desk {
  readonly config: Config;
  readonly database: Database;
  readonly clock: Clock;
}

/** Does one thing with accounts, and resolves to what to print. @throws UsageError */
export type AccountCommand = (desk: Desk, operands: string[]) => Promise<string>;

export const createAccount: AccountCommand = async (desk, [email = '', ...names]) => {
  const accounts = storeOf(desk);
  const displayName = names.join(' ').trim();
  if (displayName === '' || displayName.length > 100) {
    throw new UsageError('The display name must have 1 to 100 characters.');
  }
  if (!z.email().max(254).safeParse(email).success) throw new UsageError('This is not an e-mail address.');
  if (await accounts.findByEmail(email)) throw new UsageError('There is an account with this address.');
  const password = await typedPassword(process.stdin);
  const problem = passwordProblem(password, email);
  if (problem) throw new UsageError(problem);
  const passwordHash = await passwordHashing(desk.config.password).hash(password);
  const { id } = await accounts.create({ email, displayName, passwordHash });
  return `Made the account ${id}.`;
};

export const listAccounts: AccountCommand = async (desk) => {
  const rows = (await storeOf(desk).list()).map(({ id, email, role, disabledAt }) => {
    return [id, email, role, disabledAt ? 'disabled' : 'enabled'];
  });
  return table([['id', 'e-mail', 'role', 'state'], ...rows]);
};

/** The account and its sessions in one transaction: no moment at which only one of them is over. */
export const disableAccount: AccountCommand = async (desk, [email = '']) => {
  const accounts = storeOf(desk);
  const record = recordingAt(desk);
  const id = await idOf(email, accounts);
  const logger = createLogger(desk.config.logLevel, process.stderr);
  // This process serves nobody and has nothing to remember: the servers read it from the rows.
  const revokeSessions = sessionRevocation({ sessionEnded: () => undefined }, record, desk.clock, logger);
  const ended = await inTransaction(desk.database, async (transaction) => {
    await accounts.setDisabled(transaction, id, true);
    await record(transaction, id, [{ kind: 'ACCOUNT_DISABLED' }]);
    return revokeSessions(transaction, { accountId: id }, 'ACCOUNT_DISABLED');
  });
  await everyServerKnows();
  return `Disabled ${email}; sessions ended: ${ended.length}.`;
};

export const enableAccount: AccountCommand = async (desk, [email = '']) => {
  const accounts = storeOf(desk);
  const record = recordingAt(desk);
  const id = await idOf(email, accounts);
  await inTransaction(desk.database, async (transaction) => {
    await accounts.setDisabled(transaction, id, false);
    await record(transaction, id, [{ kind: 'ACCOUNT_ENABLED' }]);
  });
  return `Enabled ${email}.`;
};

export const changeRole: AccountCommand = async (desk, [email = '', role = '']) => {
  if (!isRole(role)) throw new UsageError(`The role must be one of: ${Object.keys(Role).join(', ')}.`);
  const accounts = storeOf(desk);
  const record = recordingAt(desk);
  const id = await idOf(email, accounts);
  await inTransaction(desk.database, async (transaction) => {
    const changed = await accounts.setRole(transaction, id, role);
    if (changed) await record(transaction, id, [{ kind: 'ROLE_CHANGED', detail: { role } }]);
  });
  await everyServerKnows();
  return `The role of ${email} is ${role}.`;
};

function storeOf({ database, clock }: Desk): AccountStore {
  return accountStore(database, clock, idGenerator(clock));
}

function recordingAt({ clock }: Desk): RecordEvents {
  return eventRecording(clock, idGenerator(clock));
}

async function idOf(email: string, accounts: AccountStore): Promise<string> {
  const account = await accounts.findByEmail(email);
  if (!account) throw new UsageError('There is no account with this address.');
  return account.id;
}

/** Every server looks once in an interval; the second interval is for the look itself. */
async function everyServerKnows(): Promise<void> {
  await setTimeout(2 * POLL_INTERVAL_MS);
}

function isRole(text: string): text is Role {
  return Object.hasOwn(Role, text);
}

function table(rows: string[][]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const padded = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)));
  return padded.map((row) => row.join('  ').trimEnd()).join('\n');
}
