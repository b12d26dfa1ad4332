import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { transformSync } from '@swc/core';

/** Compiles the source files of one directory, without its subdirectories, for processes that know no TypeScript. */
export function compile(sourceDirectory: string, targetDirectory: string): void {
  mkdirSync(targetDirectory, { recursive: true });
  for (const name of readdirSync(sourceDirectory).filter((file) => file.endsWith('.ts'))) {
    const { code } = transformSync(readFileSync(join(sourceDirectory, name), 'utf8'), {
      filename: name,
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'es6' },
    });
    writeFileSync(join(targetDirectory, name.replace(/\.ts$/, '.js')), code);
  }
  symlinkSync(resolve('node_modules'), join(targetDirectory, 'node_modules'));
  writeFileSync(join(targetDirectory, 'package.json'), '{ "type": "module" }');
}

export type Ended = { exitCode: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string };

/** Runs JavaScript in a process of its own, its imports relative to `directory`. */
export async function runIn(directory: string, code: string): Promise<Ended> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], { cwd: directory });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  return new Promise((settle, fail) => {
    child.on('error', fail);
    child.on('close', (exitCode, signal) => settle({ exitCode, signal, stdout, stderr }));
  });
}
