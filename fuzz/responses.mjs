const END_OF_HEAD = '\r\n\r\n';

/** The responses on one connection to requests that have bodies in their responses (no HEAD). */
export function parseResponses(bytes) {
  const responses = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(END_OF_HEAD, at);
    if (end < 0) throw new Error(`A response ends in its head: ${bytes.subarray(at).toString()}`);
    const head = bytes.toString('latin1', at, end);
    const status = Number(head.slice(9, 12));
    const length = /^content-length: (\d+)$/im.exec(head)?.[1];
    const start = end + END_OF_HEAD.length;
    const { body, next } = length === undefined ? chunked(bytes, start, head) : sized(bytes, start, Number(length));
    responses.push({ status, head, body });
    at = next;
  }
  return responses;
}

function sized(bytes, start, length) {
  return { body: bytes.toString('utf8', start, start + length), next: start + length };
}

function chunked(bytes, start, head) {
  if (!/^transfer-encoding: chunked$/im.test(head)) throw new Error(`A response has no length: ${head}`);
  const parts = [];
  for (let at = start; ;) {
    const line = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16);
    if (line < 0 || Number.isNaN(size)) throw new Error(`A chunked response is cut off: ${head}`);
    if (size === 0) return { body: Buffer.concat(parts).toString(), next: line + 4 };
    parts.push(bytes.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}
