import { randomBytes } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import nodemailer, { type SendMailOptions } from 'nodemailer';
import type { MailSettings } from './mail-settings.js';
import type { RenderedMail } from './mail-templates.js';

export interface MailToSend extends RenderedMail {
  readonly id: string;
  readonly toAddress: string;
  readonly date: Date;
  /** Also in the text. The folder transport prints them. */
  readonly link?: string | undefined;
  readonly code?: string | undefined;
}

/** Resolves when the mail was accepted for delivery. */
export type SendMail = (mail: MailToSend) => Promise<void>;

const SECOND_MS = 1000;
const TIMEOUTS = {
  dnsTimeout: 10 * SECOND_MS,
  connectionTimeout: 10 * SECOND_MS,
  greetingTimeout: 10 * SECOND_MS,
  socketTimeout: 30 * SECOND_MS,
};

/** How mails leave this process. Undefined: not at all. `print` shows links and codes to a developer. */
export function mailTransport(settings: MailSettings, print: (text: string) => void): SendMail | undefined {
  if (settings.smtpUrl !== undefined) return smtpTransport(settings.smtpUrl, settings);
  if (settings.production) return undefined;
  return folderTransport(settings, print);
}

function smtpTransport(url: string, { from, requireTls }: MailSettings): SendMail {
  const transport = nodemailer.createTransport({ url, ...TIMEOUTS, ...(requireTls && { requireTLS: true }) });
  return async (mail) => {
    await transport.sendMail(messageOf(mail, from));
  };
}

/** Writes each mail to a file that only this user can read, because it contains a link. */
function folderTransport({ folder, from }: MailSettings, print: (text: string) => void): SendMail {
  const transport = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  return async (mail) => {
    const { message } = await transport.sendMail(messageOf(mail, from));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, `${mail.date.toISOString().replaceAll(':', '-')}-${mail.id}.eml`);
    const draft = `${file}.${randomBytes(6).toString('hex')}`;
    await writeFile(draft, message as Buffer, { mode: 0o600 });
    await rename(draft, file);
    const secrets = [mail.link && `  Link  ${mail.link}\n`, mail.code && `  Code  ${mail.code}\n`].join('');
    print(`\nMail to ${mail.toAddress}: ${mail.subject}\n${secrets}  File  ${file}\n`);
  };
}

function messageOf({ id, toAddress, date, subject, text, html }: MailToSend, from: string): SendMailOptions {
  return {
    from,
    // An object, because nodemailer parses a text as a list of addresses.
    to: { name: '', address: toAddress },
    subject,
    text,
    html,
    date,
    // A second copy of a mail has the same ID, so that mail programs can show one.
    messageId: `<${id}@${from.replace(/^.*@|>.*$/g, '')}>`,
    headers: { 'Auto-Submitted': 'auto-generated' }, // RFC 3834: no automatic replies
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
