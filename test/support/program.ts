import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { transformSync } from '@swc/core';
import type { Ended } from './compiled.js';

/** Compiles all sources into `directory`, as a build would, for tests that need processes of the shipped program. */
export function compileProgram(directory: string): void {
  for (const name of readdirSync('src', { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts') || statSync(join('src', name)).isDirectory()) continue;
    const { code } = transformSync(readFileSync(join('src', name), 'utf8'), {
      filename: name,
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
      },
      module: { type: 'es6' },
    });
    const target = join(directory, 'dist', name.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, code);
  }
  for (const beside of ['node_modules', 'prisma']) symlinkSync(resolve(beside), join(directory, beside));
  cpSync('package.json', join(directory, 'package.json'));
}

/** Runs a script of the compiled program to its end, with `input` as its standard input. */
export async function runProgram(
  directory: string,
  script: string,
  options: { args?: string[]; input?: string; environment?: Record<string, string> },
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
  /** SIGKILL: nothing is finished, nothing is written. Resolves when the process is gone. */
  kill(): Promise<void>;
}

/** A server process of the compiled program, listening on a free port. */
export async function startServerProcess(
  directory: string,
  environment: Record<string, string>,
): Promise<ServerProcess> {
  const defaults = { NODE_ENV: 'test', HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'info' };
  const child = start(directory, 'main.js', { ...defaults, ...environment });
  const gone = new Promise<void>((settle) => child.once('exit', () => settle()));
  const url = await new Promise<string>((settle, fail) => {
    let output = '';
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
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** In the program's own directory, where no developer's .env lies. */
function start(directory: string, script: string, environment = {}, args: string[] = []): ChildProcess {
  return spawn(process.execPath, [join(directory, 'dist', script), ...args], {
    cwd: directory,
    env: { PATH: process.env['PATH'], ...environment },
  });
}
