import { createHash } from 'node:crypto';
import { clientNetwork, clientSite } from './client-network.js';

/** The keys of the limits of a login. They contain a hash of the e-mail address, which may be anybody's. */
export function loginKeys(email: string, ipAddress: string): Record<'account' | 'address' | 'pair', string> {
  const [name, network] = [nameOf(email), clientNetwork(ipAddress)];
  return { account: `account:${name}`, address: `address:${network}`, pair: `pair:${name}:${network}` };
}

export function passwordChangeKey(accountId: string): string {
  return `change:${accountId}`;
}

export function codeKeys(email: string, codeId: string, ipAddress: string): Record<'all' | 'network', string> {
  const all = `code:${nameOf(email)}.${codeId}`;
  return { all, network: `${all}:${clientNetwork(ipAddress)}` };
}

/**
 * For an attempt that has no code: as many keys as a code has, from so few that anonymous clients cannot fill the database,
 * whatever e-mail addresses they send.
 */
export function noCodeKeys(email: string): string[] {
  const slot = `no-code:${createHash('sha256').update(email).digest()[0]}`; // one of 256
  return [slot, `${slot}:network`];
}

export function mailKeys(email: string, ipAddress: string): Record<'hour' | 'day' | 'network' | 'site', string> {
  const [name, network] = [nameOf(email), clientNetwork(ipAddress)];
  return {
    hour: `mail-hour:${name}`,
    day: `mail-day:${name}`,
    network: `mail-address:${network}`,
    site: `mail-few:${clientSite(ipAddress)}`,
  };
}

/** Of the mails that all clients request together. */
export const ALL_MAILS_KEY = 'mail-all';

/** What the keys of all limits begin with that concern this e-mail address. */
export function emailPrefixes(email: string): string[] {
  const name = nameOf(email);
  return [`account:${name}`, `pair:${name}:`, `code:${name}.`, `mail-hour:${name}`, `mail-day:${name}`];
}

/** The keys of the limits of a client address, whatever the e-mail address. */
export function addressKeys(ipAddress: string): string[] {
  const { network, site } = mailKeys('', ipAddress);
  return [loginKeys('', ipAddress).address, network, site];
}

function nameOf(email: string): string {
  return createHash('sha256').update(email).digest('base64url').slice(0, 22);
}
