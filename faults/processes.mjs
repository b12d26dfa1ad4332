import { readdirSync, readFileSync } from 'node:fs';

/** All descendants of a process (Linux). */
export function childrenOf(pid) {
  const direct = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map(Number);
  return direct.flatMap((child) => [child, ...childrenOf(child)]);
}

/** Signals processes. Some may have exited. */
export function signal(pids, name) {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  }
}

/** Resident memory in MB, and the number of open files, including connections. */
export function resourceUsage(pid) {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return { megabytes: Math.round(Number(kilobytes) / 1024), files: readdirSync(`/proc/${pid}/fd`).length };
}

function parentOf(pid) {
  try {
    // The name in brackets may contain any character. The state and the parent follow it.
    return Number(readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1).split(' ')[1]);
  } catch {
    return undefined;
  }
}
