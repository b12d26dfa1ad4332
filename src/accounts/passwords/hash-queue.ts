import { Failure } from '../../errors/failure.js';
import { overloaded } from '../../errors/overloaded.js';

export interface HashQueueSettings {
  /** How many passwords this process hashes at once, and how many may wait. */
  readonly concurrency: number;
  readonly queue: number;
  /** Whoever would wait longer for a hash is rejected at once. */
  readonly queueWaitMs: number;
}

/** Whether the hash is useless: the client has disconnected, or the deadline of its request has passed. */
export type IsAbandoned = () => boolean;

/**
 * Waits for its turn and then hashes. A reservation may hash several times.
 * @throws Failure SERVICE_UNAVAILABLE if the reservation was abandoned
 */
export type InTurn = <Result>(hash: () => Promise<Result>) => Promise<Result>;

/**
 * Reserves a place in the queue, and gives it back when `work` has ended.
 * @throws Failure SERVICE_UNAVAILABLE if the queue is full, or the wait would be too long
 */
export type Reserve = <Result>(
  isAbandoned: IsAbandoned,
  work: (inTurn: InTurn) => Promise<Result>,
  isPreferred?: IsPreferred,
) => Promise<Result>;

/**
 * Whether the reservation goes before all others. Asked only if it would be rejected. Preferred reservations have a bound of
 * their own, so that nobody else can keep them out.
 */
export type IsPreferred = () => Promise<boolean>;

/** How much one more measured duration changes the average. */
const WEIGHT = 0.1;

/**
 * Hashes few passwords at once, preferred ones first, otherwise first come, first served. `estimateMs` is the duration of one hash until some were
 * measured. Abandoned reservations keep nobody out.
 */
export function hashQueue(settings: HashQueueSettings, estimateMs: number, nowMs = () => performance.now()): Reserve {
  const { concurrency, queue, queueWaitMs } = settings;
  const places = new Set<Place>();
  const preferred = new Set<Place>();
  const waiting = new Set<Waiting>();
  let running = 0;
  let averageMs = estimateMs;

  function isFull(isPreferred = false): boolean {
    const ahead = isPreferred ? preferred.size : places.size - concurrency + 1;
    return ahead > queue || (ahead * averageMs) / concurrency > queueWaitMs;
  }

  function dropAbandoned(): void {
    for (const one of waiting) {
      if (!one.place.isAbandoned()) continue;
      waiting.delete(one);
      giveBack(one.place);
      one.reject(abandoned());
    }
  }

  function startNext(): void {
    const ofPreferred = [...waiting].filter(({ place }) => preferred.has(place));
    for (const one of new Set([...ofPreferred, ...waiting])) {
      if (running >= concurrency) return;
      waiting.delete(one);
      if (one.place.isAbandoned()) one.reject(abandoned());
      else one.start();
    }
  }

  async function run<Result>(hash: () => Promise<Result>): Promise<Result> {
    running += 1;
    const startedMs = nowMs();
    try {
      return await hash();
    } finally {
      averageMs += WEIGHT * (nowMs() - startedMs - averageMs);
      running -= 1;
      startNext();
    }
  }

  function giveBack(place: Place): void {
    places.delete(place);
    preferred.delete(place);
  }

  return async (isAbandoned, work, isPreferred = isNeverPreferred) => {
    if (isFull()) dropAbandoned();
    const goesFirst = isFull() && (await isPreferred());
    if (isFull(goesFirst)) throw overloaded('the password queue is full');
    const place = { isAbandoned };
    places.add(place);
    if (goesFirst) preferred.add(place);
    try {
      return await work(
        (hash) =>
          new Promise((resolve, reject) => {
            waiting.add({ place, start: () => resolve(run(hash)), reject });
            startNext();
          }),
      );
    } finally {
      giveBack(place);
    }
  };
}

interface Place {
  readonly isAbandoned: IsAbandoned;
}

interface Waiting {
  readonly place: Place;
  start(): void;
  reject(failure: Failure): void;
}

async function isNeverPreferred(): Promise<boolean> {
  return false;
}

function abandoned(): Failure {
  return new Failure('SERVICE_UNAVAILABLE', { cause: 'nobody waits for the hash' });
}
