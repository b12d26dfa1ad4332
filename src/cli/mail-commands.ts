import { v7 } from 'uuid';
import type { Database } from '../database/client.js';
import type { MailSettings } from '../mail/mail-settings.js';
import { mailTemplates } from '../mail/mail-templates.js';
import { mailTransport } from '../mail/mail-transport.js';
import { listUnsent, retryFailed, type UnsentMail } from '../mail/outbox-administration.js';
import type { Clock } from '../shared/clock.js';
import { OperatorError } from '../shared/operator-error.js';
import { redact } from '../shared/redaction.js';
import { printedTable } from './printed-table.js';

const MOST_LISTED = 200;

/** Sends a mail at once, without the outbox. @throws OperatorError that says why it was not sent */
export async function sendTestMail(settings: MailSettings, toAddress: string, clock: Clock): Promise<string> {
  const send = mailTransport(settings, () => undefined);
  if (!send) throw new OperatorError('SMTP_URL is not set, so no mail can be sent.');
  const date = new Date(clock.nowMs());
  try {
    await send({ id: v7(), toAddress, date, ...mailTemplates()('test', {}) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new OperatorError(`The mail was not sent: ${redact(message)}`);
  }
  return settings.smtpUrl === undefined
    ? `Wrote a test mail to ${toAddress} into ${settings.folder}, because SMTP_URL is not set.`
    : `The SMTP server accepted a test mail to ${toAddress}.`;
}

export async function listMails(database: Database): Promise<string> {
  const mails = await listUnsent(database, MOST_LISTED);
  if (mails.length === 0) return 'All mails were sent.';
  const rows = mails.map((mail) => [
    mail.createdAt.toISOString(),
    mail.toAddress,
    mail.template,
    String(mail.attempts),
    stateOf(mail),
    mail.lastError ?? '',
  ]);
  return printedTable([['written', 'to', 'template', 'attempts', 'state', 'last error'], ...rows]);
}

export async function retryMails(database: Database, clock: Clock): Promise<string> {
  return `Mails that the servers try again within seconds: ${await retryFailed(database, new Date(clock.nowMs()))}.`;
}

function stateOf({ givenUpAt, nextAttemptAt }: UnsentMail): string {
  return givenUpAt ? `given up at ${givenUpAt.toISOString()}` : `next attempt at ${nextAttemptAt?.toISOString()}`;
}
