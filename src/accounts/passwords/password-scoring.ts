import { Worker } from 'node:worker_threads';
import { Failure } from '../../errors/failure.js';
import { workerProgram } from '../../shared/worker-program.js';

export interface ScoringJob {
  /** The password, and other forms of it that somebody would guess as soon. The weakest counts. */
  readonly forms: readonly string[];
  /** Words that are easy to guess for this password. */
  readonly context: readonly string[];
}

/** Resolves to zxcvbn's score: from 0, which is the easiest to guess, to 4. @throws Failure SERVICE_UNAVAILABLE */
export type ScorePassword = (job: ScoringJob) => Promise<number>;

export interface PasswordScoring {
  /** There is one thread: call it again only when the call before has ended. */
  readonly score: ScorePassword;
  /** Ends the thread. */
  stop(): Promise<void>;
}

export interface ScoringOptions {
  readonly program: string;
  readonly deadlineMs: number;
  readonly idleMs: number;
}

/** Far more than a score takes, even the first one, for which the thread starts: see docs/decisions/password-rules.md. */
const DEADLINE_MS = 5000;
/** The thread takes 70 to 140 MB, which a process should not keep between sign-ups. */
const IDLE_MS = 60_000;

const NOT_CHECKED = 'The password could not be checked. Nothing was changed. Retry shortly.';

/**
 * Scores passwords in a thread, because zxcvbn would block the event loop. The thread starts when it is needed, ends when it
 * has been idle for a minute, and keeps no process alive.
 */
export function passwordScoring(options: Partial<ScoringOptions> = {}): PasswordScoring {
  const { program = workerProgram('score-worker'), deadlineMs = DEADLINE_MS, idleMs = IDLE_MS } = options;
  let thread: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;

  function start(): Worker {
    const started = new Worker(program);
    started.on('error', () => undefined); // without a listener, it would end the process
    started.once('exit', () => {
      if (thread === started) thread = undefined;
    });
    return started;
  }

  async function stop(): Promise<void> {
    clearTimeout(idle);
    const stopped = thread;
    thread = undefined;
    await stopped?.terminate();
  }

  return {
    async score(job) {
      clearTimeout(idle);
      const current = (thread ??= start());
      current.ref();
      try {
        return await scoreBy(current, job, deadlineMs);
      } catch (cause) {
        await stop();
        throw new Failure('SERVICE_UNAVAILABLE', { cause, publicMessage: NOT_CHECKED });
      } finally {
        current.unref();
        idle = setTimeout(() => void stop(), idleMs).unref();
      }
    },
    stop,
  };
}

function scoreBy(thread: Worker, job: ScoringJob, deadlineMs: number): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  return new Promise<number>((resolve, reject) => {
    const ended = () => reject(new Error('the thread that scores passwords ended'));
    thread.once('error', reject).once('exit', ended);
    thread.once('message', (score: number) => {
      thread.off('error', reject).off('exit', ended);
      resolve(score);
    });
    const late = () => reject(new Error(`the password was not scored within ${deadlineMs} ms`));
    timer = setTimeout(late, deadlineMs);
    thread.postMessage(job);
  }).finally(() => clearTimeout(timer));
}
