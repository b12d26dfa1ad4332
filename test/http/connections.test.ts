import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { startTandem, type Tandem } from '../support/harness.js';
import { refused, slowRequest } from '../support/slow-request.js';
import { until } from '../support/until.js';

const REQUEST = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';

describe('connections', () => {
  let tandem: Tandem;
  const sockets: Socket[] = [];
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await tandem.close();
  });

  /** Opens a connection. Its text grows with what the server sends; `closed` is true once the server closed it. */
  async function open(text = '', host = new URL(tandem.url).hostname) {
    const socket = connect(Number(new URL(tandem.url).port), host);
    sockets.push(socket);
    const seen = { text: '', closed: false, socket };
    socket.on('data', (chunk) => (seen.text += String(chunk)));
    socket.on('error', () => undefined);
    socket.once('close', () => (seen.closed = true));
    await once(socket, 'connect');
    socket.write(text);
    return seen;
  }

  it('beyond the bound of their client address are closed at once, until one of them ends', async () => {
    tandem = await startTandem({ CONNECTIONS_PER_ADDRESS: '3' });
    const [first, ...others] = [await open(REQUEST), await open(REQUEST), await open(REQUEST)];
    await until(() => [first, ...others].every(({ text }) => text.includes('200 OK')));
    const surplus = await open(REQUEST);
    await until(() => surplus.closed);
    expect(surplus.text).toBe('');
    expect(tandem.log()).toContain('"setting":"CONNECTIONS_PER_ADDRESS","network":"127.0.0.1","rejected":1');
    first.socket.destroy();
    for (;;) {
      const next = await open(REQUEST);
      await until(() => next.closed || next.text !== '');
      if (next.text.includes('200 OK')) break;
    }
  });

  it('of a trusted proxy are not counted', async () => {
    tandem = await startTandem({ CONNECTIONS_PER_ADDRESS: '1', TRUSTED_PROXIES: '127.0.0.1' });
    const all = [await open(REQUEST), await open(REQUEST), await open(REQUEST)];
    await until(() => all.every(({ text }) => text.includes('200 OK')));
  });

  it('beyond the bound of the process are closed at once', async () => {
    tandem = await startTandem({ CONNECTIONS: '2' });
    const all = [await open(REQUEST), await open(REQUEST)];
    await until(() => all.every(({ text }) => text.includes('200 OK')));
    const surplus = await open(REQUEST);
    await until(() => surplus.closed);
    expect(surplus.text).toBe('');
  });

  it('to the second address of localhost have the same bounds and error responses', async () => {
    tandem = await startTandem({ HOST: 'localhost', CONNECTIONS_PER_ADDRESS: '1' });
    const first = await open('nonsense\r\n\r\n', '::1');
    await until(() => first.closed);
    expect(first.text).toContain('x-content-type-options: nosniff');
    expect(first.text).toContain('"code":"BAD_REQUEST"');
    const second = await open(REQUEST, '::1');
    await until(() => second.text.includes('200 OK'));
    const surplus = await open(REQUEST, '::1');
    await until(() => surplus.closed);
    expect(surplus.text).toBe('');
    expect(tandem.log()).toContain('"network":"::/64"');
  });

  it('to the second address of localhost finish their requests when the server closes', async () => {
    tandem = await startTandem({ HOST: 'localhost' });
    const idle = await open(REQUEST, '::1');
    await until(() => idle.text.includes('200 OK'));
    const inFlight = await slowRequest({ hostname: '::1', port: new URL(tandem.url).port });
    let isClosed = false;
    const closing = tandem.app.close().then(() => (isClosed = true));
    await refused(new URL(tandem.url));
    await until(() => idle.closed);
    expect(isClosed).toBe(false);
    expect(await inFlight.finish()).toMatch(/^HTTP\/1\.1 200 [^]*connection: close[^]*"__typename":"Query"/i);
    await closing;
  });

  it.each([
    ['no request', ''],
    ['half of the headers', 'POST /graphql HTTP/1.1\r\nHost: x\r\n'],
    [
      'headers without their body',
      'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
    ],
  ])('that send %s are closed after REQUEST_TIMEOUT_MS with a 408 as JSON', async (_what, text) => {
    tandem = await startTandem({ REQUEST_TIMEOUT_MS: '400' });
    const slow = await open(text);
    // A byte now and then does not help.
    const trickle = setInterval(() => slow.socket.write(text === '' ? '' : 'x'), 50);
    await until(() => slow.closed);
    clearInterval(trickle);
    expect(slow.text).toMatch(/^HTTP\/1.1 408 /);
    expect(JSON.parse(slow.text.split('\r\n\r\n')[1] ?? '').errors[0].extensions.recovery).toBe('RETRY');
  });
});
