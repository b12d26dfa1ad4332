import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import pLimit from 'p-limit';
import { Failure } from '../../errors/failure.js';

export interface PasswordSettings {
  /** argon2id cost of new hashes. */
  readonly memoryKib: number;
  readonly iterations: number;
  /** How many passwords this process hashes at once, and how many may wait. */
  readonly concurrency: number;
  readonly queue: number;
}

export interface PasswordHashing {
  /** An argon2id hash in PHC format. @throws Failure SERVICE_UNAVAILABLE when too many wait */
  hash(password: string): Promise<string>;
  /**
   * Whether the password is the one of the hash. Without a hash, or with an unusable one, it does the same work and
   * answers false. @throws Failure SERVICE_UNAVAILABLE when too many wait
   */
  verify(password: string, storedHash: string | undefined): Promise<boolean>;
  /**
   * Does the work of a login, what it reads included, unless as many are at it as can hash and wait.
   * @throws Failure SERVICE_UNAVAILABLE
   */
  admit<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Makes the work for unknown addresses that of the commonest of these hashes, which may be older than today's cost. */
  resemble(storedHashes: readonly string[]): void;
  /** Whether the hash was made with less work than a new one would be. */
  isOutdated(storedHash: string): boolean;
}

const PHC = /^\$argon2id\$v=19\$m=(\d{1,10}),t=(\d{1,10}),p=(\d{1,3})\$([A-Za-z0-9+/]{22,64})\$([A-Za-z0-9+/]{43,86})$/;
// What a stored hash may ask for. A damaged one must not take the memory of the machine, nor less than argon2 computes.
const LEAST_MEMORY_KIB = 8;
const MOST_MEMORY_KIB = 1_048_576;
const MOST_ITERATIONS = 16;

/** argon2id off the event loop, on few threads, behind a bounded queue: nothing but logins ever waits here. */
export function passwordHashing(settings: PasswordSettings): PasswordHashing {
  // argon2id is the library's default algorithm.
  const cost = { memoryCost: settings.memoryKib, timeCost: settings.iterations };
  let dummyHash = makeDummyHash(settings.memoryKib, settings.iterations);
  const limit = pLimit(settings.concurrency);

  let admitted = 0;

  async function queued<T>(work: () => Promise<T>): Promise<T> {
    if (limit.pendingCount >= settings.queue) throw queueIsFull();
    return limit(work);
  }

  return {
    hash: (password) => queued(() => hash(password.normalize('NFC'), { ...cost, parallelism: 1 })),
    async verify(password, storedHash) {
      const usable = storedHash !== undefined && isWellFormedHash(storedHash);
      const matches = await queued(() => verify(usable ? storedHash : dummyHash, password.normalize('NFC')));
      return usable && matches;
    },
    async admit(work) {
      if (admitted >= settings.concurrency + settings.queue) throw queueIsFull();
      admitted += 1;
      try {
        return await work();
      } finally {
        admitted -= 1;
      }
    },
    resemble(storedHashes) {
      const counts = new Map<string, number>();
      for (const hash of storedHashes.filter(isWellFormedHash)) {
        const [, memoryKib, iterations] = PHC.exec(hash) ?? [];
        const cost = `${memoryKib} ${iterations}`;
        counts.set(cost, (counts.get(cost) ?? 0) + 1);
      }
      const [commonest] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
      const [memoryKib, iterations] = commonest?.split(' ').map(Number) ?? [];
      if (memoryKib && iterations) dummyHash = makeDummyHash(memoryKib, iterations);
    },
    isOutdated(storedHash) {
      const [, memoryKib, iterations] = PHC.exec(storedHash) ?? [];
      return Number(memoryKib) < settings.memoryKib || Number(iterations) < settings.iterations;
    },
  };
}

function queueIsFull(): Failure {
  return new Failure('SERVICE_UNAVAILABLE', { cause: 'the password queue is full' });
}

/** Whether the text is a hash that can be computed without harm. argon2 throws at what is spelt in another way. */
export function isWellFormedHash(storedHash: string): boolean {
  const [, memoryKib, iterations, parallelism, salt = '', digest = ''] = PHC.exec(storedHash) ?? [];
  return (
    isWithin(Number(memoryKib), LEAST_MEMORY_KIB, MOST_MEMORY_KIB) &&
    isWithin(Number(iterations), 1, MOST_ITERATIONS) &&
    parallelism === '1' &&
    [salt, digest].every((text) => base64(Buffer.from(text, 'base64')) === text)
  );
}

/** A hash of no password: verifying against it takes as long as against a real one of this cost. */
function makeDummyHash(memoryKib: number, iterations: number): string {
  return `$argon2id$v=19$m=${memoryKib},t=${iterations},p=1$${base64(randomBytes(16))}$${base64(randomBytes(32))}`;
}

/** As PHC strings have it: without padding. */
function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

function isWithin(number: number, least: number, most: number): boolean {
  return number >= least && number <= most;
}
