import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { databaseUrlProblem } from './database/database-url.js';

/** A host name (RFC 1123 §2.1), maybe with a final dot, and with underscores, which names of containers have. */
const HOST_NAME = /^(?=.{1,254}$)[a-z0-9]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9_-]*[a-z0-9])?)*\.?$/i;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * Text without whitespace at its ends and without control characters. Files and shells add them by accident, and
 * libraries disagree about them: better-sqlite3 trims a file name, node:fs does not.
 */
export function text() {
  return z
    .string()
    .min(1)
    .refine((value) => value === value.trim(), 'must not start or end with a space or a line break')
    .refine((value) => !/\p{Cc}/u.test(value.trim()), 'must not contain control characters');
}

export function databaseUrl() {
  return text().superRefine((value, context) => {
    const message = databaseUrlProblem(value);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
}

export function host() {
  return text().refine(
    (value) => isIP(value) > 0 || HOST_NAME.test(value),
    'must be a host name or an IP address, without a scheme, port or brackets',
  );
}

/** An issuer identifier as in RFC 8414 §2. Tests and development may use http. */
export function issuer() {
  return text().refine((value) => {
    if (!URL.canParse(value)) return false;
    const url = new URL(value);
    if (!/^https?:$/.test(url.protocol)) return false;
    return !value.includes('?') && !value.includes('#') && url.username === '' && url.password === '';
  }, 'must be an absolute URL such as https://api.example.com, without user, query and fragment');
}

export function smtpUrl() {
  return text().refine(
    (value) => URL.canParse(value) && /^smtps?:$/.test(new URL(value).protocol) && new URL(value).hostname !== '',
    'must be a URL such as smtp://user:password@mail.example.com:587, with special characters percent-encoded',
  );
}

/** One address, maybe with a name before it, as in a From header. */
export function mailbox() {
  return text().refine(
    (value) => /^[^<>@,;"]*<[^\s<>@,;"]+@[^\s<>@,;"]+>$|^[^\s<>@,;"]+@[^\s<>@,;"]+$/.test(value),
    'must be an address, or a name and an address as in: Tandem <tandem@example.com>',
  );
}

export function wholeNumber(least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,10}$/, message)
    .transform(Number)
    .pipe(z.number().min(least, message).max(most, message));
}

export function commaSeparated(isValid: (item: string) => boolean, message: string) {
  return z
    .string()
    .default('')
    .transform((list) => list.split(',').flatMap((item) => item.trim() || []))
    .refine((items) => items.every(isValid), message);
}

/** Whether only this machine can reach the host. */
export function isLoopback(hostName: string): boolean {
  const name = hostName.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  const version = isIP(name);
  if (version > 0) return loopback.check(name, version === 4 ? 'ipv4' : 'ipv6');
  return /(^|\.)localhost$/i.test(name);
}

/** An IP address or a range of them in CIDR notation (RFC 4632). */
export function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const bits = isIP(address) === 4 ? 32 : 128;
  return (
    isIP(address) > 0 &&
    !address.includes('%') && // a zone would have no effect
    rest.length === 0 &&
    (prefix === undefined || (/^\d{1,3}$/.test(prefix) && +prefix <= bits))
  );
}

/** An origin as a browser sends it. Hybrid applications use other schemes, for which URL has no origin. */
export function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { origin, protocol, host, href } = new URL(text);
  if (origin !== 'null') return origin === text;
  return host !== '' && href === text && text === `${protocol}//${host}`;
}
