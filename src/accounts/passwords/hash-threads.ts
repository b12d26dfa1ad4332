import { Worker } from 'node:worker_threads';
import { Failure } from '../../errors/failure.js';
import { workerProgram } from '../../shared/worker-program.js';

/** In argon2's terms. */
export interface HashCost {
  readonly memoryCost: number;
  readonly timeCost: number;
  readonly parallelism: number;
}

export type HashJob =
  { readonly password: string; readonly cost: HashCost } | { readonly password: string; readonly storedHash: string };

export interface HashThreads {
  /** An argon2id hash in PHC format. @throws Failure SERVICE_UNAVAILABLE if the thread fails */
  hash(password: string, cost: HashCost): Promise<string>;
  /** Whether the password matches a well-formed hash. @throws Failure as `hash` */
  verify(storedHash: string, password: string): Promise<boolean>;
  /** Ends all threads. */
  stop(): Promise<void>;
}

/**
 * Hashes in threads of a lower priority (on Linux), which start when they are needed and keep no process alive. In
 * libuv's threads, which have the priority of the event loop, hashes slowed other requests down: while 200 logins arrived,
 * one core served most reads 30 to 55 ms late, and now a few (bench/login-burst.mjs). The caller bounds how many run at once.
 */
export function hashThreads(program = workerProgram('hash-worker')): HashThreads {
  const threads = new Set<Worker>();
  const idle: Worker[] = [];

  function start(): Worker {
    const thread = new Worker(program);
    threads.add(thread);
    thread.once('exit', () => {
      threads.delete(thread);
      if (idle.includes(thread)) idle.splice(idle.indexOf(thread), 1);
    });
    return thread;
  }

  async function run(job: HashJob): Promise<unknown> {
    const thread = idle.pop() ?? start();
    thread.ref();
    const result = await resultOf(thread, job);
    thread.unref();
    idle.push(thread);
    return result;
  }

  return {
    hash: async (password, cost) => (await run({ password, cost })) as string,
    verify: async (storedHash, password) => (await run({ password, storedHash })) as boolean,
    async stop() {
      await Promise.all([...threads].map((thread) => thread.terminate()));
    },
  };
}

/** A thread whose job fails ends. */
function resultOf(thread: Worker, job: HashJob): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => {
      reject(new Failure('SERVICE_UNAVAILABLE', { cause }));
    };
    const exited = () => fail('the thread that hashes ended');
    thread.once('error', fail).once('exit', exited);
    thread.once('message', (result) => {
      thread.off('error', fail).off('exit', exited);
      resolve(result);
    });
    thread.postMessage(job);
  });
}
