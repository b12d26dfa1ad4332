import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Ended } from './compiled.js';

/** Runs a script of dist/, or one with an absolute path, in `directory` until it exits. `input` is its standard input. */
export async function runProgram(
  directory: string,
  script: string,
  options: { args?: string[]; input?: string | Buffer; environment?: Record<string, string> },
): Promise<Ended> {
  const child = start(directory, script, options.environment, options.args);
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)));
  child.stdin?.end(options.input ?? '');
  return new Promise((settle, fail) => {
    child.once('error', fail);
    child.once('close', (exitCode, signal) => settle({ exitCode, signal, stdout, stderr }));
  });
}

export interface ServerProcess {
  readonly url: string;
  /** What it has printed. */
  output(): string;
  /** Sends SIGTERM and resolves to the exit code. */
  stop(): Promise<number | null>;
  /** Sends SIGKILL and resolves after the process has exited. */
  kill(): Promise<void>;
}

/** Starts the bundle, or another `program`, with the flags of `npm start`, in `directory`, on a free port. */
export async function startServerProcess(
  directory: string,
  environment: Record<string, string>,
  program = 'bundle/main.mjs',
): Promise<ServerProcess> {
  const defaults = {
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'info',
    REFRESHES_PER_SESSION: '1000000',
  };
  const child = start(directory, program, { ...defaults, ...environment });
  const exitCode = new Promise<number | null>((settle) => child.once('exit', settle));
  let output = '';
  const url = await new Promise<string>((settle, fail) => {
    const read = (chunk: unknown) => {
      output += String(chunk);
      const [, address] = /"address":"([^"]+)"/.exec(output) ?? [];
      if (address) settle(address);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', () => fail(new Error(`The server did not start: ${output}`)));
  });
  return {
    url,
    output: () => output,
    stop() {
      child.kill('SIGTERM');
      return exitCode;
    },
    async kill() {
      child.kill('SIGKILL');
      await exitCode;
    },
  };
}

/** Starts a script in the test's own directory, so that it does not read the .env of a developer. */
function start(directory: string, script: string, environment = {}, args: string[] = []): ChildProcess {
  return spawn(process.execPath, [...nodeFlags(), resolve('dist', script), ...args], {
    cwd: directory,
    env: { PATH: process.env['PATH'], ...environment },
  });
}

/** The flags of Node that `npm start` sets. */
function nodeFlags(): string[] {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } };
  return scripts.start.split(' ').filter((word) => word.startsWith('--'));
}
