// One core for the servers, another for the load: otherwise each would take the other's time.
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { CORES } from './settings.mjs';

let areApart = false;

/** Moves this process to the load's core; says whether it could. Only Linux can, with taskset of util-linux. */
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

/** The command, on the servers' core. */
export function pinned(command) {
  return areApart ? ['taskset', '-c', String(CORES.serverCore), ...command] : command;
}
