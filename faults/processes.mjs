import { readdirSync, readFileSync } from 'node:fs';

/** The processes that a process started, and theirs (Linux). */
export function childrenOf(pid) {
  const direct = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map(Number);
  return direct.flatMap((child) => [child, ...childrenOf(child)]);
}

/** Signals processes of which some may be gone. */
export function signal(pids, name) {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  }
}

/** What a process holds: megabytes of memory and open files, connections among them. */
export function holdings(pid) {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return { megabytes: Math.round(Number(kilobytes) / 1024), files: readdirSync(`/proc/${pid}/fd`).length };
}

function parentOf(pid) {
  try {
    // The name in brackets may hold anything; after it come the state and the parent.
    return Number(readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1).split(' ')[1]);
  } catch {
    return undefined;
  }
}
