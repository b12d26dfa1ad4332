import { join } from 'node:path';
import { passwordScoring } from '../../../src/accounts/passwords/password-scoring.js';
import { failureOf } from '../../support/failure.js';
import { makeScratch, type Scratch } from '../../support/scratch.js';
import { writeWorker } from '../../support/worker.js';
import { until } from '../../support/until.js';

const JOB = { forms: ['seven otters in a teapot'], context: [] };
const HOUR_MS = 3_600_000;

describe('the thread that scores passwords', () => {
  let scratch: Scratch;
  beforeAll(() => {
    scratch = makeScratch();
  });
  afterAll(() => scratch.remove());
  const programOf = (text: string) => writeWorker(scratch, text);

  it('returns the score of the weakest form of a password', async () => {
    const { score, stop } = passwordScoring();
    expect(await score(JOB)).toBe(4);
    expect(await score({ forms: [...JOB.forms, 'password'], context: [] })).toBe(0);
    expect(await score({ forms: JOB.forms, context: JOB.forms })).toBe(0);
    await stop();
  });

  it.each([
    ['throws', `parentPort.on('message', () => { throw new Error('no memory'); });`],
    ['ends', `import process from 'node:process'; parentPort.on('message', () => process.exit(1));`],
    ['cannot start', `import 'a-package-that-is-missing';`],
  ])('makes a score unavailable if it %s', async (_what, text) => {
    const { score, stop } = passwordScoring({ program: programOf(text) });
    for (let time = 0; time < 2; time += 1) {
      expect(await failureOf(score(JOB))).toMatchObject({ kind: 'SERVICE_UNAVAILABLE' });
    }
    await stop();
  });

  it('makes a score unavailable that takes too long, and starts again for the next one', async () => {
    const flag = join(scratch.path, 'flag');
    // Only the first thread hangs.
    const program = programOf(`
      import { existsSync, writeFileSync } from 'node:fs';
      const hangs = !existsSync('${flag}');
      writeFileSync('${flag}', '');
      parentPort.on('message', () => { while (hangs); parentPort.postMessage(4); });`);
    const { score, stop } = passwordScoring({ program, deadlineMs: 1000 });
    expect(await failureOf(score(JOB))).toMatchObject({ kind: 'SERVICE_UNAVAILABLE' });
    expect(await score(JOB)).toBe(4);
    await stop();
  });

  it('ends when it is idle, and starts again when it is needed', async () => {
    const program = programOf(`parentPort.on('message', () => parentPort.postMessage(threadId));`);
    const kept = passwordScoring({ program, idleMs: HOUR_MS });
    expect(await kept.score(JOB)).toBe(await kept.score(JOB));
    await kept.stop();
    const ended = passwordScoring({ program, idleMs: 1 });
    const first = await ended.score(JOB);
    await until(async () => (await ended.score(JOB)) !== first);
    await ended.stop();
  });
});
