// Generates load: keep-alive connections over raw sockets, each with one request in flight. A load generator from npm
// needs more processor time per request than the fastest server here, so it would limit the result.
import { once } from 'node:events';
import { connect } from 'node:net';
import { replyReader } from './reply.mjs';

/**
 * Loads a server for `seconds`, after `warmUpSeconds` that do not count. `next(connection, body)` returns the bytes of a
 * connection's next request, given the body of its last response. `accept(status, body, connection)` returns whether the
 * response is the expected one. An unexpected response fails the run, because a fast error is not a result. Latencies are
 * in milliseconds. Processor time is the server's time per request, without the warm-up.
 */
export async function load({ server, connections, seconds, warmUpSeconds = 0, next, accept }) {
  const milliseconds = [];
  const startsAt = performance.now() + warmUpSeconds * 1000;
  const endsAt = startsAt + seconds * 1000;
  let processorAtStart;
  let counted = 0;
  let failure;

  async function run(index) {
    const socket = connect({ host: '127.0.0.1', port: server.port, noDelay: true });
    await once(socket, 'connect');
    await new Promise((resolve) => {
      let sentAt = 0;
      const send = (body) => {
        sentAt = performance.now();
        socket.write(next(index, body));
      };
      const finish = (error) => {
        failure ??= error;
        socket.removeAllListeners('close').destroy();
        resolve();
      };
      const read = replyReader((status, body) => {
        const now = performance.now();
        if (!accept(status, body, index)) return finish(new Error(`Unexpected response: ${status} ${body}`));
        if (now >= startsAt) {
          if (processorAtStart === undefined) processorAtStart = server.processorSeconds();
          else counted += 1;
          if (now <= endsAt) milliseconds.push(now - sentAt);
        }
        if (now >= endsAt || failure) finish();
        else send(body);
      });
      socket.on('data', read);
      socket.on('error', finish);
      socket.on('close', () => finish(new Error('The server closed a connection.')));
      send(undefined);
    });
  }

  await Promise.all(Array.from({ length: connections }, (_, index) => run(index)));
  if (failure) throw failure;
  const processorMicroseconds = ((server.processorSeconds() - processorAtStart) * 1e6) / counted;
  return { ...summary(milliseconds, seconds), processorMicroseconds };
}

function summary(milliseconds, seconds) {
  const sorted = Float64Array.from(milliseconds).sort();
  const at = (quantile) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? NaN;
  return { perSecond: sorted.length / seconds, p50: at(0.5), p99: at(0.99) };
}
