import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import { parse as uuidToBytes, stringify as bytesToUuid, validate as isUuid } from 'uuid';

/** The parts of a refresh token. Not authentic until `isAuthentic` has verified them. */
export interface RefreshTokenParts {
  readonly sessionId: string;
  readonly generation: number;
  readonly mac: Buffer;
}

/** What the server derives tokens from: the row's salt and the ring's secret. One alone is not enough. */
export interface RefreshTokenIngredients {
  readonly salt: Uint8Array;
  readonly secret: KeyObject;
}

const PREFIX = 'tandem_rt_'; // lets secret scanners find a leaked one
const ID_BYTES = 16;
const GENERATION_BYTES = 6;
// With the 32 bytes of the MAC these are 54 bytes, exactly 72 base64url characters without spare bits: each token has one encoding.
const FORM = /^tandem_rt_[A-Za-z0-9_-]{72}$/;

/** The refresh token of a session at a generation: always the same bytes. It is never stored. */
export function deriveRefreshToken(
  sessionId: string,
  generation: number,
  ingredients: RefreshTokenIngredients,
): string {
  const name = nameBytes(sessionId, generation);
  return PREFIX + Buffer.concat([name, macOf(name, ingredients)]).toString('base64url');
}

/** Parses a refresh token. `undefined` if it does not have the form of one. */
export function parseRefreshToken(token: string): RefreshTokenParts | undefined {
  if (!FORM.test(token)) return undefined;
  const bytes = Buffer.from(token.slice(PREFIX.length), 'base64url');
  const sessionId = uuidOf(bytes.subarray(0, ID_BYTES));
  if (!sessionId) return undefined;
  return {
    sessionId,
    generation: bytes.readUIntBE(ID_BYTES, GENERATION_BYTES),
    mac: bytes.subarray(ID_BYTES + GENERATION_BYTES),
  };
}

/** Whether this server issued the token, compared in constant time. */
export function isAuthentic(parts: RefreshTokenParts, ingredients: RefreshTokenIngredients): boolean {
  return timingSafeEqual(parts.mac, macOf(nameBytes(parts.sessionId, parts.generation), ingredients));
}

function nameBytes(sessionId: string, generation: number): Buffer {
  const bytes = Buffer.alloc(ID_BYTES + GENERATION_BYTES);
  bytes.set(uuidToBytes(sessionId));
  bytes.writeUIntBE(generation, ID_BYTES, GENERATION_BYTES);
  return bytes;
}

function macOf(name: Buffer, { salt, secret }: RefreshTokenIngredients): Buffer {
  return createHmac('sha256', secret).update(name).update(salt).digest();
}

function uuidOf(bytes: Buffer): string | undefined {
  const hex = bytes.toString('hex');
  const text = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return isUuid(text) ? bytesToUuid(bytes) : undefined;
}
