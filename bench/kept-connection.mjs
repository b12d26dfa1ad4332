// A connection to a server of this machine that stays open from one request to the next, as those of clients do.
import { once } from 'node:events';
import { connect } from 'node:net';
import { replyReader } from './reply.mjs';

export async function keptConnection(port) {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  let settle;
  socket.on(
    'data',
    replyReader((status, body) => settle.resolve({ status, body })),
  );
  socket.on('error', (error) => settle?.reject(error));
  return {
    /** Sends one request after the response to the one before. */
    ask: (bytes) =>
      new Promise((resolve, reject) => {
        settle = { resolve, reject };
        socket.write(bytes);
      }),
    close: () => socket.destroy(),
  };
}
