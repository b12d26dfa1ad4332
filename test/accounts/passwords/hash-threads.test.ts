import { getPriority } from 'node:os';
import { hashThreads } from '../../../src/accounts/passwords/hash-threads.js';
import { Failure } from '../../../src/errors/failure.js';
import { makeScratch, type Scratch } from '../../support/scratch.js';
import { writeWorker } from '../../support/worker.js';

const COST = { memoryCost: 8, timeCost: 1, parallelism: 1 };

describe('the threads that hash', () => {
  let scratch: Scratch;
  beforeAll(() => {
    scratch = makeScratch();
  });
  afterAll(() => scratch.remove());
  const programOf = (text: string) => writeWorker(scratch, text);

  it('leave the priority of the server as it is', async () => {
    const before = getPriority();
    const threads = hashThreads();
    const storedHash = await threads.hash('a password', COST);
    expect(await threads.verify(storedHash, 'a password')).toBe(true);
    expect(await threads.verify(storedHash, 'another password')).toBe(false);
    expect(getPriority()).toBe(before);
    await threads.stop();
  });

  it.each([
    ['throws', `parentPort.on('message', () => { throw new Error('no memory'); });`],
    ['ends', `import process from 'node:process'; parentPort.on('message', () => process.exit(1));`],
    ['cannot start', `import 'a-package-that-is-missing';`],
  ])('reject a hash as unavailable if a thread %s, and start another one for the next hash', async (_what, text) => {
    const threads = hashThreads(programOf(text));
    for (let time = 0; time < 2; time += 1) {
      const failure: unknown = await threads.hash('a password', COST).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(Failure);
      expect(failure).toMatchObject({ kind: 'SERVICE_UNAVAILABLE' });
    }
    await threads.stop();
  });
});
