import { setTimeout as delay } from 'node:timers/promises';

/** Injects faults at random moments: one after the other within a lane, so that only faults of different lanes overlap. */
export function scheduleFaults({ lanes, random, forMs, onEnd, log }) {
  const until = performance.now() + forMs;
  const isOver = () => performance.now() > until;
  const done = {};
  let active = 0;
  let begun = 0;

  async function runLane(kinds) {
    while (!isOver()) {
      // Each kind once in random order, then all kinds again.
      for (const name of random.shuffled(Object.keys(kinds))) {
        await delay(random.whole(500, 4000));
        if (isOver()) return;
        active += 1;
        begun += 1;
        const startedAt = performance.now();
        await kinds[name]();
        active -= 1;
        log(`${name} (${Math.round(performance.now() - startedAt)} ms)`);
        done[name] = (done[name] ?? 0) + 1;
        if (active === 0) onEnd(name);
      }
    }
  }

  return {
    done,
    /** A number that differs for each period without a fault; undefined during a fault. */
    quietPeriod: () => (active === 0 ? begun : undefined),
    finished: Promise.all(lanes.map(runLane)),
  };
}
