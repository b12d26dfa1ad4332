import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** The network between one server and PostgreSQL: a TCP proxy on the loopback interface that can fail. */
export async function openLink(socket) {
  const pairs = new Set();
  let healed = Promise.resolve();
  let heal = () => undefined;
  let lagMs = 0;
  let refusing = false;

  const listening = createServer((near) => {
    if (refusing) return near.destroy();
    const far = connect({ path: socket });
    const pair = [near, far];
    pairs.add(pair);
    pass(near, far, pair);
    pass(far, near, pair);
  });

  /** Forwards bytes and the end of the connection in order, delayed by `lagMs`. While the link is silent, nothing arrives. */
  function pass(from, to, pair) {
    let before = Promise.resolve();
    const later = (effect) => {
      const dueAt = performance.now() + lagMs;
      before = before.then(async () => {
        await healed;
        const leftMs = dueAt - performance.now();
        if (leftMs > 1) await delay(leftMs);
        effect();
      });
    };
    from.on('data', (chunk) => later(() => to.write(chunk)));
    from.on('error', () => undefined);
    from.on('close', () =>
      later(() => {
        to.destroy();
        pairs.delete(pair);
      }),
    );
  }

  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');

  return {
    port: listening.address().port,
    slow(milliseconds) {
      lagMs = milliseconds;
    },
    silence() {
      healed = new Promise((resolve) => (heal = resolve));
    },
    cut() {
      refusing = true;
      for (const pair of pairs) for (const end of pair) end.destroy();
    },
    restore() {
      lagMs = 0;
      refusing = false;
      heal();
    },
    close() {
      heal();
      listening.close();
      for (const pair of pairs) for (const end of pair) end.destroy();
    },
  };
}
