import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { storePosts } from '../support/stored-posts.js';
import { startTandem, type Tandem } from '../support/harness.js';
import { until } from '../support/until.js';

const QUERY = '{ posts(first: 100) { nodes { body } } }';

describe('a response of 5 MB', () => {
  let tandem: Tandem;
  const start = async (environment: Record<string, string>) => {
    tandem = await startTandem(environment);
    const { id } = await tandem.person();
    await storePosts(
      tandem,
      id,
      Array.from({ length: 100 }, () => 'x'.repeat(50_000)),
    );
  };
  afterEach(() => tandem.close());

  /** Sends the request and reads nothing. */
  async function request(): Promise<{ socket: Socket; accepted: Socket }> {
    const { authToken } = await tandem.login();
    const { hostname, port } = new URL(tandem.url);
    const body = JSON.stringify({ query: QUERY });
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    const [accepted] = (await once(tandem.app.http.server, 'connection')) as [Socket];
    socket.pause();
    const head = ['POST /graphql HTTP/1.1', 'Host: localhost', `Authorization: Bearer ${authToken}`];
    head.push('Content-Type: application/json', `Content-Length: ${body.length}`, 'Connection: close');
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
    return { socket, accepted };
  }

  /** Reads one chunk per interval until the end. Resolves to the number of bytes. */
  async function readSlowly(socket: Socket, everyMs: number): Promise<number> {
    socket.on('data', async () => {
      socket.pause();
      await setTimeout(everyMs);
      socket.resume();
    });
    socket.resume();
    await once(socket, 'close');
    return socket.bytesRead;
  }

  it('is received completely by a client that reads slowly, but steadily', async () => {
    await start({ RESPONSE_IDLE_TIMEOUT_MS: '1000' });
    const startedAt = performance.now();
    expect(await readSlowly((await request()).socket, 25)).toBeGreaterThan(5_000_000);
    expect(performance.now() - startedAt).toBeGreaterThan(1000);
  });

  it('is not kept for a client that stops reading', async () => {
    await start({ RESPONSE_IDLE_TIMEOUT_MS: '200' });
    const { socket, accepted } = await request();
    await until(() => accepted.destroyed);
    socket.destroy();
  });

  it('is not kept for longer than RESPONSE_TIMEOUT_MS', async () => {
    await start({ RESPONSE_TIMEOUT_MS: '300' });
    const { socket, accepted } = await request();
    void readSlowly(socket, 100);
    await until(() => accepted.destroyed);
    expect(socket.bytesRead).toBeLessThan(5_000_000);
    socket.destroy();
  });

  it('does not close a connection that is used again', async () => {
    await start({ RESPONSE_IDLE_TIMEOUT_MS: '1500', RESPONSE_TIMEOUT_MS: '2000' });
    const { authToken: token } = await tandem.login();
    let connections = 0;
    tandem.app.http.server.on('connection', () => (connections += 1));
    for (let time = 0; time < 3; time++) {
      expect((await tandem.send(QUERY, {}, { token })).data.posts.nodes).toHaveLength(100);
      await setTimeout(1100);
    }
    expect(connections).toBeLessThan(2);
  });
});
