import { randomBytes } from 'node:crypto';
import { hashThreads, type HashThreads } from './hash-threads.js';
import { hashQueue, type HashQueueSettings, type InTurn, type IsAbandoned, type IsPreferred } from './hash-queue.js';

export interface PasswordSettings extends HashQueueSettings {
  /** argon2id cost of new hashes. */
  readonly memoryKib: number;
  readonly iterations: number;
}

export interface PasswordHashing {
  /**
   * Returns an argon2id hash in PHC format.
   * @throws Failure SERVICE_UNAVAILABLE if the queue is full, or `isAbandoned` returns true when the turn comes
   */
  hash(password: string, isAbandoned?: IsAbandoned): Promise<string>;
  /**
   * Whether the password matches the hash. Without a well-formed hash it does the same work and returns false.
   * @throws Failure as `hash`
   */
  verify: VerifyPassword;
  /**
   * Reserves a place in the queue for `work`, which gets a `verify` that uses it. `isPreferred` is asked only if the queue
   * is full.
   * @throws Failure as `hash`
   */
  reserve<Result>(
    isAbandoned: IsAbandoned,
    work: (verify: VerifyReserved) => Promise<Result>,
    isPreferred?: IsPreferred,
  ): Promise<Result>;
  /** Gives the dummy hash for unknown addresses the most frequent cost of these hashes. */
  matchCostOf(storedHashes: readonly string[]): void;
  /** Whether the hash has a lower cost than a new hash would have. */
  isOutdated(storedHash: string): boolean;
  /** Ends the threads that hash. */
  stop(): Promise<void>;
}

type VerifyReserved = (password: string, storedHash: string | undefined) => Promise<boolean>;
type VerifyPassword = (...args: [...Parameters<VerifyReserved>, isAbandoned?: IsAbandoned]) => Promise<boolean>;

const PHC = /^\$argon2id\$v=19\$m=(\d{1,10}),t=(\d{1,10}),p=(\d{1,3})\$([A-Za-z0-9+/]{22,64})\$([A-Za-z0-9+/]{43,86})$/;
// Limits for stored hashes. A damaged hash must not exhaust the memory, and argon2 throws below its minimum.
const LEAST_MEMORY_KIB = 8;
const MOST_MEMORY_KIB = 1_048_576;
const MOST_ITERATIONS = 16;

/** A rough duration of one hash, in milliseconds for each KiB and iteration, until the queue has measured some. */
const ESTIMATE_MS = 0.001;

/** Hashes with argon2id outside the event loop, in few threads, behind a bounded queue. Only passwords wait in it. */
export function passwordHashing(settings: PasswordSettings, threads: HashThreads = hashThreads()): PasswordHashing {
  // argon2id is the library's default algorithm.
  const cost = { memoryCost: settings.memoryKib, timeCost: settings.iterations, parallelism: 1 };
  let dummyHash = makeDummyHash(settings.memoryKib, settings.iterations);
  const reserve = hashQueue(settings, settings.memoryKib * settings.iterations * ESTIMATE_MS);

  async function verifyInTurn(inTurn: InTurn, password: string, storedHash: string | undefined): Promise<boolean> {
    const usable = storedHash !== undefined && isWellFormedHash(storedHash);
    const matches = await inTurn(() => threads.verify(usable ? storedHash : dummyHash, password.normalize('NFC')));
    return usable && matches;
  }

  return {
    hash: (password, isAbandoned = isNeverAbandoned) =>
      reserve(isAbandoned, (inTurn) => inTurn(() => threads.hash(password.normalize('NFC'), cost))),
    verify: (password, storedHash, isAbandoned = isNeverAbandoned) =>
      reserve(isAbandoned, (inTurn) => verifyInTurn(inTurn, password, storedHash)),
    reserve: (isAbandoned, work, isPreferred) =>
      reserve(
        isAbandoned,
        (inTurn) => work((password, storedHash) => verifyInTurn(inTurn, password, storedHash)),
        isPreferred,
      ),
    matchCostOf(storedHashes) {
      const counts = new Map<string, number>();
      for (const hash of storedHashes.filter(isWellFormedHash)) {
        const [, memoryKib, iterations] = PHC.exec(hash) ?? [];
        const cost = `${memoryKib} ${iterations}`;
        counts.set(cost, (counts.get(cost) ?? 0) + 1);
      }
      const [mostFrequent] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
      const [memoryKib, iterations] = mostFrequent?.split(' ').map(Number) ?? [];
      if (memoryKib && iterations) dummyHash = makeDummyHash(memoryKib, iterations);
    },
    isOutdated(storedHash) {
      const [, memoryKib, iterations] = PHC.exec(storedHash) ?? [];
      return Number(memoryKib) < settings.memoryKib || Number(iterations) < settings.iterations;
    },
    stop: () => threads.stop(),
  };
}

function isNeverAbandoned(): boolean {
  return false;
}

/** Whether argon2 accepts the text as a hash, and its cost is within the limits. */
export function isWellFormedHash(storedHash: string): boolean {
  const [, memoryKib, iterations, parallelism, salt = '', digest = ''] = PHC.exec(storedHash) ?? [];
  return (
    isWithin(Number(memoryKib), LEAST_MEMORY_KIB, MOST_MEMORY_KIB) &&
    isWithin(Number(iterations), 1, MOST_ITERATIONS) &&
    parallelism === '1' &&
    [salt, digest].every((text) => base64(Buffer.from(text, 'base64')) === text)
  );
}

/** A hash that no password matches. Verifying against it takes as long as against a real hash of this cost. */
function makeDummyHash(memoryKib: number, iterations: number): string {
  return `$argon2id$v=19$m=${memoryKib},t=${iterations},p=1$${base64(randomBytes(16))}$${base64(randomBytes(32))}`;
}

/** Without padding, as in PHC strings. */
function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

function isWithin(number: number, least: number, most: number): boolean {
  return number >= least && number <= most;
}
