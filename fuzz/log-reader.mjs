import { closeSync, openSync, readSync } from 'node:fs';

const CHUNK = 1024 * 1024;

/** Reads what a log file gained since the last call, in whole lines. */
export function logReader(file) {
  const descriptor = openSync(file, 'r');
  const buffer = Buffer.alloc(CHUNK);
  let rest = '';
  return {
    read() {
      let text = rest;
      for (let size = CHUNK; size === CHUNK;) {
        size = readSync(descriptor, buffer, 0, CHUNK, null);
        text += buffer.toString('utf8', 0, size);
      }
      const end = text.lastIndexOf('\n') + 1;
      rest = text.slice(end);
      return text.slice(0, end);
    },
    close: () => closeSync(descriptor),
  };
}
