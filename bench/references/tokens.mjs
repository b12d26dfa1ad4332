// The least that a server must do for Tandem's tokens: verify and sign a JWT, verify and derive a refresh token.
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  randomBytes,
  randomUUID,
  timingSafeEqual,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import { verify as verifyHash } from '@node-rs/argon2';
import jwt from 'jsonwebtoken';
import { ISSUER } from '../settings.mjs';

const DAY_MS = 86_400_000;
const { issuer, audience, clientId } = ISSUER;

export function tokens(store, keyRingPath) {
  const { keys } = JSON.parse(readFileSync(keyRingPath, 'utf8'));
  const [signing, refreshing] = ['sig', 'refresh'].map((use) => keys.find((key) => key.use === use));
  const { alg: algorithm } = signing;
  const secretOf = ({ k }) => createSecretKey(Buffer.from(k, 'base64url'));
  const isSecret = signing.kty === 'oct';
  const signingKey = isSecret ? secretOf(signing) : createPrivateKey({ key: signing, format: 'jwk' });
  const verifyingKey = isSecret ? signingKey : createPublicKey(signingKey);
  const refreshKey = secretOf(refreshing);

  /** The claims of a valid Authorization header; undefined for any other. */
  function viewerOf(authorization) {
    if (!authorization?.startsWith('Bearer ')) return undefined;
    try {
      return jwt.verify(authorization.slice(7), verifyingKey, { algorithms: [algorithm], issuer, audience });
    } catch {
      return undefined;
    }
  }

  function derive(sessionId, generation, salt) {
    const name = Buffer.alloc(22);
    name.write(sessionId.replaceAll('-', ''), 'hex');
    name.writeUIntBE(generation, 16, 6);
    const mac = createHmac('sha256', refreshKey).update(name).update(salt).digest();
    return Buffer.concat([name, mac]);
  }

  function pairOf({ id: sessionId, generation, salt }, account) {
    const iat = Math.floor(Date.now() / 1000);
    const { id: sub, role } = account;
    const claims = { iss: issuer, aud: audience, sub, sid: sessionId, gen: generation, role, jti: randomUUID() };
    const header = { alg: algorithm, typ: 'at+jwt', kid: signing.kid };
    const payload = { ...claims, iat, exp: iat + 3600, client_id: clientId };
    return {
      authToken: jwt.sign(payload, signingKey, { algorithm, header }),
      authTokenExpiresAt: new Date((iat + 3600) * 1000).toISOString(),
      refreshToken: `tandem_rt_${derive(sessionId, generation, salt).toString('base64url')}`,
      account: { id: account.id, displayName: account.displayName },
    };
  }

  /** The next pair of the current refresh token of a live session; undefined for any other token. */
  function refresh(refreshToken, ipAddress, userAgent) {
    const presented = Buffer.from(refreshToken.slice('tandem_rt_'.length), 'base64url');
    const sessionId = presented.hexSlice(0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    const session = store.session.get(sessionId);
    if (!session) return undefined;
    const generation = presented.readUIntBE(16, 6);
    if (!timingSafeEqual(presented, derive(sessionId, generation, session.salt))) return undefined;
    const now = timestamp(Date.now());
    const idleEnd = timestamp(Date.now() + 14 * DAY_MS);
    const { changes } = store.advance.run(now, idleEnd, ipAddress, userAgent, sessionId, generation, now, now);
    if (changes === 0) return undefined;
    const account = store.account.get(session.accountId);
    return pairOf({ id: sessionId, generation: generation + 1, salt: session.salt }, account);
  }

  async function logIn(email, password) {
    const account = store.accountByEmail.get(email);
    if (!account || !(await verifyHash(account.passwordHash, password))) return undefined;
    const session = { id: randomUUID(), generation: 1, salt: randomBytes(16) };
    const now = timestamp(Date.now());
    const [idleEnd, end] = [timestamp(Date.now() + 14 * DAY_MS), timestamp(Date.now() + 30 * DAY_MS)];
    store.open.run(session.id, account.id, session.salt, refreshing.kid, now, idleEnd, end, now);
    return pairOf(session, account);
  }

  return { viewerOf, refresh, logIn };
}

/** As Prisma writes times. */
function timestamp(ms) {
  return new Date(ms).toISOString().replace('Z', '+00:00');
}

/** A stored time as the response has it. */
export function isoTime(stored) {
  return stored === null ? null : stored.replace('+00:00', 'Z');
}

export const cursorOf = (id) => Buffer.from(`post:${id}`).toString('base64url');

/** The id in a cursor. */
export const idOf = (cursor) => Buffer.from(cursor, 'base64url').toString().slice('post:'.length);
