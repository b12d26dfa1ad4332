import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import type { Tandem } from './harness.js';

export interface ReceivedMail {
  to: string;
  from: string;
  subject: string;
  text: string;
  html: string;
  /** What the mail links to, and the token in it. */
  link: string;
  token: string;
  code: string;
}

/** The mails that an address has received from a server without SMTP, oldest first. */
export async function mailsTo(tandem: Tandem, address: string): Promise<ReceivedMail[]> {
  return (await mailsIn(tandem)).filter(({ to }) => to === address);
}

/** All mails of a server without SMTP, oldest first. */
export async function mailsIn(tandem: Tandem): Promise<ReceivedMail[]> {
  await tandem.sendDueMail();
  const { folder } = tandem.config.mail;
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.eml'));
  return Promise.all(files.sort().map((name) => parseMail(readFileSync(join(folder, name)))));
}

/** The last mail that an address has received. */
export async function lastMailTo(tandem: Tandem, address: string): Promise<ReceivedMail> {
  const mail = (await mailsTo(tandem, address)).at(-1);
  if (!mail) throw new Error(`${address} has received no mail.`);
  return mail;
}

export async function parseMail(bytes: Buffer): Promise<ReceivedMail> {
  const { to, from, subject = '', text = '', html = '' } = await PostalMime.parse(bytes);
  const link = /^https?:\S+$/m.exec(text)?.[0] ?? '';
  const code = /^[0-9A-Z]{4}-[0-9A-Z]{4}$/m.exec(text)?.[0] ?? '';
  const token = link.split('#token=')[1] ?? '';
  return { to: to?.[0]?.address ?? '', from: from?.address ?? '', subject, text, html, link, token, code };
}
