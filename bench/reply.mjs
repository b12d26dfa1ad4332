// Reads the HTTP/1.1 responses of one connection, with a Content-Length header or chunked.

/** Returns a function for the chunks that a socket receives. It calls back with status and body of each complete response. */
export function replyReader(onReply) {
  let received = '';
  return (chunk) => {
    received += chunk.latin1Slice();
    const headEnd = received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const body = bodyOf(received.slice(0, headEnd).toLowerCase(), headEnd + 4);
    if (body === undefined) return;
    const status = Number(received.slice(9, 12));
    received = '';
    onReply(status, body);
  };

  /** The body as latin1; undefined while it is incomplete. */
  function bodyOf(head, start) {
    const [, length] = /\r\ncontent-length: *(\d+)/.exec(head) ?? [];
    if (length !== undefined) {
      return received.length >= start + Number(length) ? received.slice(start, start + Number(length)) : undefined;
    }
    return received.endsWith('\r\n0\r\n\r\n') ? withoutChunkHeads(received.slice(start)) : undefined;
  }
}

function withoutChunkHeads(text) {
  let body = '';
  for (let at = 0; ;) {
    const lineEnd = text.indexOf('\r\n', at);
    const length = parseInt(text.slice(at, lineEnd), 16);
    if (!length) return body;
    body += text.slice(lineEnd + 2, lineEnd + 2 + length);
    at = lineEnd + 2 + length + 2;
  }
}
