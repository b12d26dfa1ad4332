import { spawn } from 'node:child_process';

export type Ended = { exitCode: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string };

/** Runs JavaScript in a separate process. Its imports are relative to `directory`. */
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
