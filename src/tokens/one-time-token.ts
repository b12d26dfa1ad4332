import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { parse as uuidToBytes, stringify as bytesToUuid, validate as isUuid } from 'uuid';
import type { RefreshKey } from '../keys/key-ring.js';

/** The parts of the token in a link. Not authentic until `isAuthenticOneTimeToken` has verified them. */
export interface OneTimeTokenParts {
  readonly id: string;
  readonly mac: Buffer;
}

export const ONE_TIME_TOKEN_PREFIX = 'tandem_ot_'; // lets secret scanners find a leaked one, and every other check reject it
const ID_BYTES = 16;
// With the 32 bytes of the MAC these are 48 bytes, exactly 64 base64url characters: each token has one encoding.
const FORM = /^tandem_ot_[A-Za-z0-9_-]{64}$/;
/** Crockford's base32: without I, L, O and U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LENGTH = 8;

/** The token in the link of a mail: always the same bytes. It is never stored. */
export function deriveOneTimeToken(id: string, key: RefreshKey): string {
  return ONE_TIME_TOKEN_PREFIX + Buffer.concat([uuidToBytes(id), macOf('link', id, key)]).toString('base64url');
}

/** The code of the same mail, for people who read it on another device: 8 characters, 40 bits. It is never stored. */
export function deriveOneTimeCode(id: string, key: RefreshKey): string {
  const bits = macOf('code', id, key).readUIntBE(0, 5).toString(2).padStart(40, '0');
  return Array.from(bits.matchAll(/.{5}/g), ([five]) => ALPHABET[parseInt(five, 2)]).join('');
}

/** Parses the token of a link. `undefined` if it does not have the form of one. */
export function parseOneTimeToken(token: string): OneTimeTokenParts | undefined {
  if (!FORM.test(token)) return undefined;
  const bytes = Buffer.from(token.slice(ONE_TIME_TOKEN_PREFIX.length), 'base64url');
  const hex = bytes.subarray(0, ID_BYTES).toString('hex');
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return isUuid(id) ? { id: bytesToUuid(bytes), mac: bytes.subarray(ID_BYTES) } : undefined;
}

/** Whether this server derived the token, compared in constant time. */
export function isAuthenticOneTimeToken({ id, mac }: OneTimeTokenParts, key: RefreshKey): boolean {
  return timingSafeEqual(mac, macOf('link', id, key));
}

/** Whether a person typed the code, compared in constant time. Case, spaces and hyphens have no effect; O is 0, I and L are 1. */
export function isOneTimeCode(typed: string, id: string, key: RefreshKey): boolean {
  const code = typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  const [given, expected] = [Buffer.from(code), Buffer.from(deriveOneTimeCode(id, key))];
  return given.length === CODE_LENGTH && timingSafeEqual(given, expected);
}

/** The link and the code have MACs of their own, so that one does not reveal the other. */
function macOf(what: 'link' | 'code', id: string, { secret }: RefreshKey): Buffer {
  // A secret of its own, derived from the one of refresh tokens (RFC 5869), so that no MAC of one is a MAC of the other.
  const derived = Buffer.from(hkdfSync('sha256', secret, '', 'tandem one-time tokens', 32));
  return createHmac('sha256', derived).update(what).update(uuidToBytes(id)).digest();
}
