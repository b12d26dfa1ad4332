// Servers and load run on separate cores. On one core they would slow each other down.
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { CORES } from './settings.mjs';

let areApart = false;

/** Moves this process to the load's core. Returns whether that worked: it needs Linux and taskset (util-linux). */
export function keepApart() {
  if (availableParallelism() < 2) return false;
  try {
    execFileSync('taskset', ['-acp', String(CORES.loadCore), String(process.pid)], { stdio: 'ignore' });
    areApart = true;
  } catch {
    areApart = false;
  }
  return areApart;
}

/** The same command, on the servers' core. */
export function pinned(command) {
  return areApart ? ['taskset', '-c', String(CORES.serverCore), ...command] : command;
}
