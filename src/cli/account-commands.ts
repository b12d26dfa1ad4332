import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { Administration } from '../accounts/administration.js';
import type { Invitations } from '../accounts/invitations.js';
import type { Database } from '../database/client.js';
import { Role } from '../database/generated/enums.js';
import { securityTimeline } from '../events/security-timeline.js';
import { POLL_INTERVAL_MS } from '../revocation/sqlite-feed.js';
import { printedTable } from './printed-table.js';
import { typedPassword } from './typed-password.js';
import { UsageError } from './usage-error.js';

/** The services that the commands use. */
export interface AccountTools {
  readonly accounts: Administration;
  readonly invitations: Invitations;
  /** Whether servers send mail over SMTP. */
  readonly sendsMail: boolean;
  readonly database: Database;
}

/** One command about accounts. Resolves to the text to print. @throws UsageError, Failure */
export type AccountCommand = (
  tools: AccountTools,
  operands: readonly string[],
  options?: AccountOptions,
) => Promise<string>;

export interface AccountOptions {
  readonly days?: string | undefined;
}

const EVENTS_SHOWN = 100;

export const createAccount: AccountCommand = async ({ accounts }, [email = '', ...names]) => {
  const displayName = names.join(' ').trim();
  if (displayName === '' || displayName.length > 100) {
    throw new UsageError('The display name must have 1 to 100 characters.');
  }
  if (!z.email({ pattern: z.regexes.unicodeEmail }).max(254).safeParse(email).success)
    throw new UsageError('This is not an e-mail address.');
  const { id } = await accounts.create({ email, displayName, password: await typedPassword(process.stdin) });
  return `Created the account ${id}.`;
};

export const listAccounts: AccountCommand = async ({ accounts }) => {
  const rows = (await accounts.list()).map(({ id, email, role, disabledAt }) => {
    return [id, email, role, disabledAt ? 'disabled' : 'enabled'];
  });
  return printedTable([['id', 'e-mail', 'role', 'state'], ...rows]);
};

export const disableAccount: AccountCommand = async ({ accounts }, [email = '']) => {
  const revoked = await accounts.disable(email);
  await untilServersKnow();
  return `Disabled ${email}. Sessions revoked: ${revoked}.`;
};

export const enableAccount: AccountCommand = async ({ accounts }, [email = '']) => {
  await accounts.enable(email);
  return `Enabled ${email}.`;
};

export const changeRole: AccountCommand = async ({ accounts }, [email = '', role = '']) => {
  if (!isRole(role)) throw new UsageError(`The role must be one of: ${Object.keys(Role).join(', ')}.`);
  await accounts.changeRole(email, role);
  await untilServersKnow();
  return `The role of ${email} is ${role}.`;
};

export const setPassword: AccountCommand = async ({ accounts }, [email = '']) => {
  await accounts.find(email);
  const revoked = await accounts.setPassword(email, await typedPassword(process.stdin));
  await untilServersKnow();
  return `Set the password of ${email}. Sessions revoked: ${revoked}.`;
};

export const revokeSessions: AccountCommand = async ({ accounts }, [email = '']) => {
  const revoked = await accounts.revokeSessions(email);
  await untilServersKnow();
  return `Sessions revoked: ${revoked}.`;
};

export const showEvents: AccountCommand = async ({ accounts, database }, [email = '']) => {
  const { id } = await accounts.find(email);
  const window = { take: EVENTS_SHOWN, fromEnd: false };
  const events = await securityTimeline(database)(id).list(window);
  const rows = events.rows.map(({ at, kind, endReason, sessionId, ipAddress, userAgent }) => {
    return [at.toISOString(), kind, endReason, sessionId, ipAddress, userAgent].map((cell) => cell ?? '-');
  });
  return printedTable([['time', 'event', 'reason', 'session', 'address', 'user agent'], ...rows]);
};

export const showLimits: AccountCommand = async ({ accounts }, [email = '']) => {
  const rows = (await accounts.limits(email)).map(({ key, attempts, allowedAtMs, succeededAtMs }) => {
    const [kind = '', , ...network] = key.split(':');
    const [allowedAt, succeededAt] = [allowedAtMs, succeededAtMs].map((at) =>
      at ? new Date(Number(at)).toISOString() : '-',
    );
    return [kind, network.join(':') || '-', String(attempts), allowedAt ?? '-', succeededAt ?? '-'];
  });
  return printedTable([['limit', 'address', 'attempts', 'next allowed', 'last login'], ...rows]);
};

export const clearLimits: AccountCommand = async ({ accounts }, [emailOrAddress = '']) => {
  return `Limits cleared: ${await accounts.clearLimits(emailOrAddress)}.`;
};

export const deleteAccount: AccountCommand = async ({ accounts }, [email = '']) => {
  await accounts.remove(email);
  return `Deleted ${email} with its sessions, posts and events.`;
};

/** Every server polls for revocations once per interval. The second interval allows for the time of the poll itself. */
async function untilServersKnow(): Promise<void> {
  await setTimeout(2 * POLL_INTERVAL_MS);
}

function isRole(text: string): text is Role {
  return Object.hasOwn(Role, text);
}
