import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { KeyRingError, parseKeyRing } from './key-ring-jwks.js';

const jwkSchema = z.looseObject({ kty: z.string(), use: z.literal('sig').optional() });

/** Why a PEM file cannot be imported, by its label (RFC 7468). The first match is reported. */
const PEM_PROBLEMS: readonly [RegExp, string][] = [
  [
    /^Proc-Type: .*ENCRYPTED|-----BEGIN ENCRYPTED/m,
    'is encrypted. Decrypt it with: openssl pkey -in <file> -out <new file>',
  ],
  [/-----BEGIN OPENSSH PRIVATE KEY/, 'is in the format of OpenSSH. Convert it with: ssh-keygen -p -m PKCS8 -f <file>'],
  [/-----BEGIN [A-Z0-9 ]*PRIVATE KEY/, 'contains no valid private key'],
  [/-----BEGIN [A-Z0-9 ]*PUBLIC KEY/, 'is a public key. Signing needs the private key'],
  [/-----BEGIN [A-Z0-9 ]*CERTIFICATE/, 'is a certificate. Signing needs its private key'],
];

/**
 * Reads a private key for auth tokens from a PEM or JWK file, as a member of a key ring.
 * @throws KeyRingError that names the file and repeats nothing of its content
 */
export function importPrivateKey(file: string, activeFromSeconds: number): object {
  const text = read(file).trim();
  const jwk = text.startsWith('{') ? jwkOf(text, file) : pemKey(text, file);
  const key = { ...jwk, use: 'sig', signs_from: activeFromSeconds };
  parseKeyRing(JSON.stringify({ keys: [key] }), file);
  return key;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new KeyRingError(`${file} cannot be read (${String((error as NodeJS.ErrnoException).code)}).`);
  }
}

function jwkOf(text: string, file: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which is key material.
    throw new KeyRingError(`${file} starts like a JWK and is not valid JSON.`);
  }
  if (z.object({ keys: z.array(z.unknown()) }).safeParse(value).success) {
    throw new KeyRingError(`${file} is a JWK Set. Import one key of it: a file with one JWK.`);
  }
  const jwk = jwkSchema.safeParse(value);
  if (jwk.success) return jwk.data;
  throw new KeyRingError(
    `${file} is not a JWK for signatures: it needs a "kty", and "use", if present, must be "sig".`,
  );
}

function pemKey(text: string, file: string): object {
  try {
    return createPrivateKey(text).export({ format: 'jwk' });
  } catch {
    const [, problem = 'contains neither a PEM nor a JWK private key'] =
      PEM_PROBLEMS.find(([label]) => label.test(text)) ?? [];
    throw new KeyRingError(`${file} ${problem}.`);
  }
}
