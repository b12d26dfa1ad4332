import { connect } from 'node:net';

const BODY = '{"query":"{ __typename }"}';

/** Sends a request without its body. Resolves once the server has started to process it. */
export async function slowRequest({
  hostname,
  port,
}: Pick<URL, 'hostname' | 'port'>): Promise<{ finish(): Promise<string> }> {
  const socket = connect(Number(port), hostname);
  let received = '';
  const closed = new Promise<void>((settle) => socket.once('close', () => settle()));
  const begun = new Promise<void>((settle) =>
    socket.on('data', (chunk) => {
      received += String(chunk);
      if (received.includes('100 Continue')) settle();
    }),
  );
  socket.on('error', () => undefined);
  socket.write(
    `POST /graphql HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n`,
  );
  await begun;
  received = '';
  return {
    async finish() {
      socket.write(BODY);
      await closed;
      return received.trimStart();
    },
  };
}

/** Sends the first line of a request on a connection that has served another request. */
export async function half({ hostname, port }: URL): Promise<{ finish(): Promise<string> }> {
  const socket = connect(Number(port), hostname);
  let received = '';
  const closed = new Promise<void>((settle) => socket.once('close', () => settle()));
  // The server reads both at once, so the response to the first shows that it has started with the second.
  const answered = new Promise<void>((settle) => socket.once('data', () => settle()));
  socket.on('data', (chunk) => (received += String(chunk)));
  socket.on('error', () => undefined);
  socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nPOST /graphql HTTP/1.1\r\n');
  await answered;
  received = '';
  return {
    async finish() {
      const head = `Host: x\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n`;
      socket.write(head + BODY);
      await closed;
      return received.trimStart();
    },
  };
}

/** Resolves when the server accepts no more connections. */
export async function refused({ hostname, port }: URL): Promise<void> {
  for (;;) {
    const isRefused = await new Promise<boolean>((settle) => {
      const socket = connect(Number(port), hostname, () => (socket.destroy(), settle(false)));
      socket.once('error', () => settle(true));
    });
    if (isRefused) return;
  }
}
