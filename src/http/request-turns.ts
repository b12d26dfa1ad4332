import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** A connection with more requests that wait is closed. */
const MAX_WAITING = 100;

interface Turns {
  /** The response to the newest request, until it closes: an idle connection keeps no response. */
  last: ServerResponse | undefined;
  waiting: number;
}

/**
 * Processes the requests of a connection one after the other. Node starts each pipelined request when it arrives, and keeps
 * all responses until the client reads the first.
 */
export function requestTurns(server: FastifyInstance): void {
  const turnsOf = new WeakMap<Socket, Turns>();
  server.addHook('onRequest', ({ raw: { socket } }, { raw: response }, done) => {
    response.on('close', forget);
    const turns = turnsOf.get(socket);
    if (!turns) {
      turnsOf.set(socket, { last: response, waiting: 0 });
      return done();
    }
    const previous = turns.last;
    turns.last = response;
    if (!previous || previous.writableFinished) return done();
    if (turns.waiting >= MAX_WAITING) return void socket.destroy();
    turns.waiting += 1;
    previous.once('close', () => {
      turns.waiting -= 1;
      if (!socket.destroyed) done();
    });
  });

  /** A listener without a closure, because each request has it. */
  function forget(this: ServerResponse): void {
    const turns = turnsOf.get(this.req.socket);
    if (turns?.last === this) turns.last = undefined;
  }
}
