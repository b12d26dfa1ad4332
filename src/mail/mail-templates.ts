import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '../shared/operator-error.js';
import { packageRoot } from '../shared/package-root.js';

/** The mails, by the name of their file in templates/mail/. */
export const MAIL_TEMPLATES = [
  'test',
  'verify-email',
  'sign-up-with-account',
  'sign-up-expired',
  'invitation',
  'reset-password',
  'reset-without-account',
  'account-deletion',
  'confirm-email-change',
  'change-email-taken',
  'email-changed',
  'new-device',
  'password-changed',
  'password-was-reset',
  'password-set',
  'refresh-token-reused',
  'failed-logins',
] as const;
export type MailTemplate = (typeof MAIL_TEMPLATES)[number];

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** @throws Error if the template names a value that is missing */
export type RenderMail = (template: MailTemplate, values: Readonly<Record<string, string>>) => RenderedMail;

const PLACEHOLDER = /\{\{(\w+)\}\}/g;
const FORM = /^Subject: ([^\n]+)\n\n(.+)$/s;

/**
 * Reads the templates once. Each is one text file; its HTML consists of the same paragraphs in layout.html.
 * @throws OperatorError if a file is missing or malformed
 */
export function mailTemplates(folder: string = join(packageRoot(), 'templates', 'mail')): RenderMail {
  const layout = read(join(folder, 'layout.html'));
  const templates = new Map(MAIL_TEMPLATES.map((name) => [name, parse(join(folder, `${name}.txt`))]));

  return (name, values) => {
    const { subject, paragraphs } = templates.get(name) ?? missing(name);
    const filled = (text: string) => fill(text, (placeholder) => values[placeholder] ?? missing(placeholder));
    const content = paragraphs.map((paragraph) => paragraphHtml(paragraph, filled)).join('\n');
    return {
      subject: filled(subject),
      text: `${paragraphs.map(filled).join('\n\n')}\n`,
      html: fill(layout, (part) => (part === 'content' ? content : escapeHtml(filled(subject)))),
    };
  };
}

function parse(file: string): { subject: string; paragraphs: string[] } {
  const [, subject, body] = FORM.exec(read(file)) ?? [];
  if (!subject || !body) throw new OperatorError(`${file} must begin with a line "Subject: …" and an empty line.`);
  return { subject, paragraphs: body.trim().split(/\n{2,}/) };
}

/** A paragraph that consists of one of these placeholders is a button or a code. */
function paragraphHtml(paragraph: string, filled: (text: string) => string): string {
  const html = escapeHtml(filled(paragraph));
  if (paragraph === '{{link}}' || paragraph === '{{resetPage}}')
    return `<p><a class="button" href="${html}">${html}</a></p>`;
  if (paragraph === '{{code}}') return `<p class="code">${html}</p>`;
  return `<p>${html.replaceAll('\n', '<br>\n')}</p>`;
}

function fill(text: string, valueOf: (placeholder: string) => string): string {
  return text.replace(PLACEHOLDER, (_all, placeholder: string) => valueOf(placeholder));
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
  } catch (cause) {
    throw new OperatorError(`The mail template ${file} cannot be read.`, { cause });
  }
}

function missing(name: string): never {
  throw new Error(`A mail has no value for ${name}.`);
}
