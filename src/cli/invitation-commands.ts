import { z } from 'zod';
import type { Invitations } from '../accounts/invitations.js';
import type { AccountCommand } from './account-commands.js';
import { printedTable } from './printed-table.js';
import { UsageError } from './usage-error.js';

const DEFAULT_DAYS = 7;
const MOST_DAYS = 90;

/** The link is a secret: it is printed only if no server sends it over SMTP. */
export const invite: AccountCommand = async ({ invitations, sendsMail }, [email = ''], { days } = {}) => {
  if (!z.email({ pattern: z.regexes.unicodeEmail }).max(254).safeParse(email).success) {
    throw new UsageError('This is not an e-mail address.');
  }
  const sent = await invitations.invite(email, daysOf(days));
  const until = `It works once, until ${sent.expiresAt.toISOString()}.`;
  if (sendsMail) return `Invited ${sent.email}. The servers send the mail. ${until}`;
  return `Invited ${sent.email}. SMTP_URL is not set, so pass this on:\n${secretsOf(sent)}\n${until}`;
};

export const listInvitations: AccountCommand = async ({ invitations }) => {
  const rows = (await invitations.list()).map(({ email, createdAt, expiresAt }) => {
    return [email, createdAt.toISOString(), expiresAt.toISOString()];
  });
  return printedTable([['e-mail', 'invited', 'expires'], ...rows]);
};

export const revokeInvitation: AccountCommand = async ({ invitations }, [email = '']) => {
  await invitations.revoke(email);
  return `Revoked the invitation of ${email}.`;
};

function daysOf(given: string | undefined): number {
  if (given === undefined) return DEFAULT_DAYS;
  const days = Number(given);
  if (Number.isInteger(days) && days >= 1 && days <= MOST_DAYS) return days;
  throw new UsageError(`--days must be a whole number from 1 to ${MOST_DAYS}.`);
}

function secretsOf({ link, code }: Awaited<ReturnType<Invitations['invite']>>): string {
  return `  Link  ${link}\n  Code  ${code.slice(0, 4)}-${code.slice(4)}`;
}
