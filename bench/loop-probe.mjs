// Loaded into a server (--import). Measures how long its event loop is blocked, its processor time and its heap between two
// messages.
import process from 'node:process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

if (isMainThread && process.send) {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc');
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let before = 0;
  let cpu;
  let peak = 0;
  const sample = () => (peak = Math.max(peak, process.memoryUsage().heapUsed));
  setInterval(sample, 1).unref();
  process.on('message', (message) => {
    if (message === 'begin') {
      collectGarbage();
      before = peak = process.memoryUsage().heapUsed;
      delay.enable();
      delay.reset();
      cpu = process.cpuUsage();
      return process.send({});
    }
    const { user, system } = process.cpuUsage(cpu);
    sample();
    delay.disable();
    collectGarbage();
    const retained = process.memoryUsage().heapUsed - before;
    process.send({
      cpuMs: (user + system) / 1e3,
      blockedMs: delay.max / 1e6,
      addedMb: (peak - before) / 1e6,
      retainedMb: retained / 1e6,
    });
  });
  process.channel.unref();
}
