import { connect } from 'node:net';

/** Longer than any operation may take. */
const HANGS_AFTER_MS = 15_000;

/** Sends bytes on a new connection, closes its sending side, and resolves to everything that the server sent. */
export function exchange(port, bytes) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    // Half of a request must end with the connection, so that the server needs no timeout to respond.
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.end(bytes));
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`The server neither responded nor disconnected within ${HANGS_AFTER_MS} ms.`));
    }, HANGS_AFTER_MS);
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error) => {
      // The server may disconnect while it is sent what it has rejected.
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') return;
      clearTimeout(timer);
      reject(error);
    });
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
  });
}
