import { jest } from '@jest/globals';
import { hashQueue, type IsPreferred, type Reserve } from '../../../src/accounts/passwords/hash-queue.js';
import { Failure } from '../../../src/errors/failure.js';

const SETTINGS = { concurrency: 2, queue: 100, queueWaitMs: 2000 };

describe('the queue before password hashing', () => {
  let nowMs: number;
  let started: { name: string; finish: () => void }[];
  beforeEach(() => {
    nowMs = 0;
    started = [];
  });

  const queueOf = (settings: Partial<typeof SETTINGS>, estimateMs = 1) =>
    hashQueue({ ...SETTINGS, ...settings }, estimateMs, () => nowMs);

  /** A login whose hash ends when the test says so. Resolves to its name, or the kind of the failure. */
  function login(
    reserve: Reserve,
    name: string,
    isAbandoned = () => false,
    isPreferred?: IsPreferred,
  ): Promise<string> {
    const hash = () => new Promise<string>((resolve) => started.push({ name, finish: () => resolve(name) }));
    return reserve(isAbandoned, (inTurn) => inTurn(hash), isPreferred).catch((error: unknown) => {
      if (!(error instanceof Failure)) throw error;
      expect(error.retryAfterSeconds ?? 2).toBeGreaterThanOrEqual(2);
      return error.kind;
    });
  }

  async function finish(durationMs: number): Promise<string | undefined> {
    await new Promise(setImmediate);
    nowMs += durationMs;
    const first = started.shift();
    first?.finish();
    await new Promise(setImmediate);
    return first?.name;
  }

  /** Ends one hash after the other. Resolves to their order. */
  async function finishAll(durationMs = 1, most = 2): Promise<string[]> {
    const order = [];
    for (;;) {
      const name = await finish(durationMs);
      if (name === undefined) return order;
      expect(started.length).toBeLessThanOrEqual(most);
      order.push(name);
    }
  }

  const UNAVAILABLE = 'SERVICE_UNAVAILABLE';

  it('hashes in the order of arrival, and no more at once than it may', async () => {
    const reserve = queueOf({});
    const logins = ['a', 'b', 'c', 'd', 'e'].map((name) => login(reserve, name));
    const order = await finishAll();
    expect(order).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await Promise.all(logins)).toEqual(order);
  });

  it('rejects at once whoever would wait longer than allowed, by the duration of earlier hashes', async () => {
    const reserve = queueOf({ concurrency: 1 }, 500);
    const admitted = [1, 2, 3, 4, 5].map((number) => login(reserve, `${number}`));
    expect(await login(reserve, 'rejected')).toBe(UNAVAILABLE); // would wait for 2,500 ms
    await finishAll(500);
    expect(await Promise.all(admitted)).toEqual(['1', '2', '3', '4', '5']);

    for (let round = 0; round < 50; round++) {
      const slow = login(reserve, 'slow');
      await finish(1500);
      await slow;
    }
    const others = [1, 2].map((number) => login(reserve, `${number}`));
    expect(await login(reserve, 'rejected')).toBe(UNAVAILABLE); // would wait for 3,000 ms
    await finishAll(1500);
    expect(await Promise.all(others)).toEqual(['1', '2']);
  });

  it('counts a login from its reservation on, before it waits for its turn', async () => {
    const reserve = queueOf({ concurrency: 1, queue: 1 });
    let proceed: () => void = () => undefined;
    const reading = new Promise<void>((resolve) => (proceed = resolve));
    const reserved = [1, 2].map(() => reserve(() => false, () => reading)); // prettier-ignore
    expect(await login(reserve, 'rejected')).toBe(UNAVAILABLE);
    proceed();
    await Promise.all(reserved);
    const next = login(reserve, 'next');
    await finish(1);
    expect(await next).toBe('next');
  });

  it('drops abandoned logins without hashing, also to make place for others', async () => {
    const reserve = queueOf({ concurrency: 1, queue: 3 });
    let isAbandoned = false;
    const first = login(reserve, 'first');
    const abandoned = [1, 2, 3].map(() => login(reserve, 'abandoned', () => isAbandoned));
    expect(await login(reserve, 'rejected')).toBe(UNAVAILABLE);
    isAbandoned = true;
    const others = ['a', 'b'].map((name) => login(reserve, name));
    expect(await finishAll()).toEqual(['first', 'a', 'b']);
    expect(await Promise.all(abandoned)).toEqual([UNAVAILABLE, UNAVAILABLE, UNAVAILABLE]);
    expect(await Promise.all([first, ...others])).toEqual(['first', 'a', 'b']);
  });

  it('prepares one login for each that is being hashed, and the next one after a hash', async () => {
    const reserve = queueOf({});
    let begun = 0;
    const logins = Array.from({ length: 10 }, () =>
      reserve(
        () => false,
        (inTurn) => {
          begun += 1;
          return inTurn(() => new Promise<void>((resolve) => started.push({ name: '', finish: resolve })));
        },
      ),
    );
    await new Promise(setImmediate);
    expect(begun).toBe(4);
    await finish(1);
    expect(begun).toBe(5);
    await finishAll();
    await Promise.all(logins);
  });

  it('continues after a hash that failed', async () => {
    const reserve = queueOf({ concurrency: 1 });
    const failing = reserve(() => false, (inTurn) => inTurn(() => Promise.reject(new Error('no memory')))); // prettier-ignore
    const next = login(reserve, 'next');
    await expect(failing).rejects.toThrow('no memory');
    await finish(1);
    expect(await next).toBe('next');
  });

  it('hashes a preferred login after those that are prepared although the queue is full, and bounds the preferred ones by themselves', async () => {
    const reserve = queueOf({ concurrency: 1, queue: 2 });
    const preferred = (name: string) => login(reserve, name, undefined, async () => true);
    const others = ['a', 'b', 'c'].map((name) => login(reserve, name));
    expect(await login(reserve, 'rejected', undefined, async () => false)).toBe(UNAVAILABLE);

    const first = ['x', 'y', 'z'].map(preferred);
    expect(await preferred('rejected')).toBe(UNAVAILABLE);
    const order = await finishAll();
    expect(order).toEqual(['a', 'b', 'x', 'y', 'z', 'c']);
    expect(await Promise.all([...others, ...first])).toEqual(['a', 'b', 'c', 'x', 'y', 'z']);
  });

  it('does not ask whether a login is preferred while the queue has room', async () => {
    const reserve = queueOf({ concurrency: 1, queue: 2 });
    const isPreferred = jest.fn(async () => true);
    const logins = ['a', 'b', 'c'].map((name) => login(reserve, name, undefined, isPreferred));
    await finishAll(1);
    await Promise.all(logins);
    expect(isPreferred).not.toHaveBeenCalled();
  });
});
