import pLimit from 'p-limit';
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
 * Reserves a place in the queue, runs `work` when its turn is near, and gives the place back when it has ended.
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
 * Hashes few passwords at once, preferred ones first, otherwise first come, first served. `estimateMs` is the duration of
 * one hash until some were measured. Abandoned reservations keep nobody out.
 *
 * `work` begins when its turn is near, so that the event loop prepares a few hashes at a time. When 200 logins arrived and
 * all began at once, other requests waited for 130 to 270 ms.
 */
export function hashQueue(settings: HashQueueSettings, estimateMs: number, nowMs = () => performance.now()): Reserve {
  const { concurrency, queue, queueWaitMs } = settings;
  /** One is prepared for each that is being hashed. */
  const mostBegun = 2 * concurrency;
  const atOnce = pLimit(concurrency);
  const places = new Set<Place>();
  const preferred = new Set<Place>();
  const waiting = new Set<Waiting>();
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

  function beginNext(): void {
    const ofPreferred = [...waiting].filter(({ place }) => preferred.has(place));
    for (const one of new Set([...ofPreferred, ...waiting])) {
      if (places.size - waiting.size >= mostBegun) return;
      waiting.delete(one);
      one.begin();
    }
  }

  function giveBack(place: Place): void {
    places.delete(place);
    preferred.delete(place);
  }

  function inTurn<Result>({ isAbandoned }: Place, hash: () => Promise<Result>): Promise<Result> {
    return atOnce(async () => {
      if (isAbandoned()) throw abandoned();
      const startedMs = nowMs();
      try {
        return await hash();
      } finally {
        averageMs += WEIGHT * (nowMs() - startedMs - averageMs);
      }
    });
  }

  return async (isAbandoned, work, isPreferred = isNeverPreferred) => {
    if (isFull()) dropAbandoned();
    const goesFirst = isFull() && (await isPreferred());
    if (isFull(goesFirst)) throw overloaded('the password queue is full');
    const place = { isAbandoned };
    places.add(place);
    if (goesFirst) preferred.add(place);
    try {
      await new Promise<void>((begin, reject) => {
        waiting.add({ place, begin, reject });
        beginNext();
      });
      if (isAbandoned()) throw abandoned();
      return await work((hash) => inTurn(place, hash));
    } finally {
      giveBack(place);
      beginNext();
    }
  };
}

interface Place {
  readonly isAbandoned: IsAbandoned;
}

interface Waiting {
  readonly place: Place;
  begin(): void;
  reject(failure: Failure): void;
}

async function isNeverPreferred(): Promise<boolean> {
  return false;
}

function abandoned(): Failure {
  return new Failure('SERVICE_UNAVAILABLE', { cause: 'nobody waits for the hash' });
}
