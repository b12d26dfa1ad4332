import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { CREATE } from './operations.mjs';

const SLOW_MS = 15_000;
const PAUSE_MS = 25;

/** Measures the time from the end of a fault, when no other is active, to the first write that each server acknowledges. */
export function watchRecovery({ wire, servers, history, session, quietPeriod }) {
  const times = [];

  return {
    times,
    /** Resolves when all servers have recovered. If the next fault begins earlier, it resolves then, without a result. */
    async watch(kind) {
      const endedAt = performance.now();
      const period = quietPeriod();
      const each = servers.map(async (server) => {
        for (;;) {
          if (quietPeriod() !== period) return undefined;
          const input = { title: `After ${kind} ${randomUUID()}`, body: 'Recovered.' };
          const request = { query: CREATE, variables: { input }, token: session.authToken };
          const reply = await wire.send(server, request);
          if (reply.status === 200) {
            history.wrote(reply.data.createPost.post.id, { ...input, deleted: false });
            // The next fault may have held the request: a server that is stopped responds when it continues.
            return quietPeriod() === period ? reply.at - endedAt : undefined;
          }
          await delay(PAUSE_MS);
        }
      });
      const recovered = await Promise.all(each);
      if (recovered.includes(undefined)) return;
      const ms = Math.max(...recovered);
      times.push({ kind, ms });
      if (ms > SLOW_MS) history.violation('no recovery', `${Math.round(ms)} ms after ${kind}`);
    },
  };
}
