import { join } from 'node:path';
import { packageRoot } from './package-root.js';

/** The program of a worker thread, which the build bundles. It is the same one from src/, dist/ and a release. */
export function workerProgram(name: string): string {
  return join(packageRoot(), 'dist', 'bundle', `${name}.mjs`);
}
