// Generates rows from their numbers: every server and every run gets the same data.
import { createHash } from 'node:crypto';

const HOUR_MS = 3_600_000;
const WORDS = 'a server that answers at once and forgets nothing is what everybody who waits would like to have'.split(
  ' ',
);

/** Accounts, sessions and posts. Sessions are live; nine of ten posts are published. */
export function* accountRows({ accounts, passwordHash, nowMs }) {
  for (let n = 0; n < accounts; n += 1) {
    const at = new Date(nowMs - 1000 * HOUR_MS + n);
    const email = `reader-${n}@example.com`;
    const times = { emailVerifiedAt: at, createdAt: at, updatedAt: at };
    yield { id: idOf('account', n, at), email, displayName: `Reader ${n}`, passwordHash, ...times };
  }
}

export function* sessionRows({ sessions, accountIds, refreshKeyId, nowMs }) {
  for (let n = 0; n < sessions; n += 1) {
    const at = new Date(nowMs - HOUR_MS + Math.floor((n * HOUR_MS) / sessions));
    const id = idOf('session', n, at);
    yield {
      id,
      accountId: accountIds[(n * 7919) % accountIds.length],
      generation: 1,
      salt: createHash('sha256').update(id).digest().subarray(0, 16),
      refreshKeyId,
      rotatedAt: at,
      idleExpiresAt: new Date(at.getTime() + 14 * 24 * HOUR_MS),
      expiresAt: new Date(at.getTime() + 30 * 24 * HOUR_MS),
      createdAt: at,
    };
  }
}

export function* postRows({ posts, accountIds, nowMs }) {
  for (let n = 0; n < posts; n += 1) {
    const at = new Date(nowMs - 500 * HOUR_MS + n * 1000);
    const published = n % 10 !== 7;
    yield {
      id: idOf('post', n, at),
      authorId: accountIds[(n * 31) % accountIds.length],
      title: `Note ${n} on ${WORDS[n % WORDS.length]}`,
      body: `${n}: ${WORDS.map((_, at) => WORDS[(n + at * 3) % WORDS.length]).join(' ')}.`.repeat(3),
      status: published ? 'PUBLISHED' : 'DRAFT',
      publishedAt: published ? at : null,
      createdAt: at,
      updatedAt: at,
    };
  }
}

/** A UUIDv7 of this time, with a hash of kind and number in place of the random bits. */
function idOf(kind, n, at) {
  const time = at.getTime().toString(16).padStart(12, '0');
  const random = createHash('md5').update(`${kind} ${n}`).digest('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-8${random.slice(3, 6)}-${random.slice(6, 18)}`;
}
