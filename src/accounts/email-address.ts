import { domainToASCII } from 'node:url';

const MOST_LENGTH = 254; // RFC 5321 §4.5.3.1.3, without the angle brackets
/** What no mail program needs, and what separates addresses in a header. */
const LOCAL_PART = /^[^\s@"(),:;<>[\\\]\p{Cc}\p{Cf}]{1,64}$/u;
const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The one form in which addresses are stored, looked up and limited: trimmed, in NFC, the local part in lower case by the
 * root locale, the domain in lower-case ASCII (IDNA).
 */
export function normalizeEmail(email: string): string {
  const composed = email.trim().normalize('NFC');
  const at = composed.lastIndexOf('@');
  if (at < 0) return composed.toLowerCase();
  const domain = composed.slice(at + 1);
  return `${composed.slice(0, at).toLowerCase()}@${domainToASCII(domain) || domain.toLowerCase()}`;
}

/** Whether mail can be sent to the address. Only the mail itself shows whether it arrives. */
export function isEmailAddress(email: string): boolean {
  const normalized = normalizeEmail(email);
  const at = normalized.lastIndexOf('@');
  if (at < 0 || normalized.length > MOST_LENGTH) return false;
  return LOCAL_PART.test(normalized.slice(0, at)) && DOMAIN.test(normalized.slice(at + 1));
}
