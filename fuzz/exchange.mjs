import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';

/** Longer than any operation may take. */
const HANGS_AFTER_MS = 15_000;

/**
 * Sends bytes on a new connection in one or several pieces, and resolves to everything that the server sent until it
 * closed the connection. `isComplete`: the bytes are requests, and the last one asks the server to close.
 */
export function exchange(port, bytes, { cuts = [], isComplete = false } = {}) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => void sendPieces());
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
      resolve(Buffer.concat(chunks));
    });

    async function sendPieces() {
      let from = 0;
      for (const cut of cuts.toSorted((a, b) => a - b)) {
        socket.write(bytes.subarray(from, cut));
        from = cut;
        await setImmediate();
      }
      socket.write(bytes.subarray(from));
      // Half of a request must end with the connection, so that the server needs no timeout to respond. Node.js aborts
      // a complete request whose client closes its side.
      if (!isComplete) socket.end();
    }
  });
}
