import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { heldDatabase } from '../support/held-database.js';
import { startTandem, type Tandem } from '../support/harness.js';
import { until } from '../support/until.js';

const CHUNK = 'x'.repeat(20);
const inChunks = (count: number) => `Transfer-Encoding: chunked\r\n\r\n${`14\r\n${CHUNK}\r\n`.repeat(count)}0\r\n\r\n`;
const withLength = (bytes: number) => `Content-Length: ${bytes}\r\n\r\n${'x'.repeat(bytes)}`;

describe('a body that no route reads', () => {
  const database = heldDatabase();
  let tandem: Tandem;
  let token: string;
  let socket: Socket;
  beforeAll(async () => {
    tandem = await startTandem({}, database.open);
    ({ authToken: token } = await tandem.login());
  });
  afterEach(() => {
    database.release();
    socket.destroy();
  });
  afterAll(() => tandem.close());

  const requestOf = (line: string, body: string) =>
    `${line} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer ${token}\r\n${body}`;
  const query = (body: string) =>
    requestOf(`GET /graphql?query=${encodeURIComponent('{ posts(first: 1) { totalCount } }')}`, body);

  /** Sends requests of which the first waits for the database. */
  async function open(text: string) {
    const { hostname, port } = new URL(tandem.url);
    database.hold();
    socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    const client = { text: '' };
    socket.on('data', (chunk) => (client.text += String(chunk)));
    const [accepted] = (await once(tandem.app.http.server, 'connection')) as [Socket];
    socket.write(text);
    return { client, accepted };
  }

  it.each([
    ['in chunks', inChunks(3000)],
    ['with a length', withLength(60_000)],
  ])('is discarded while the response waits, and so are those of pipelined requests: %s', async (_what, body) => {
    const paths = ['/healthz', '/.well-known/jwks.json', '/account/verify', '/nothing', '/%'];
    const text = [
      query(body),
      ...paths.map((path) => requestOf(`GET ${path}`, body)),
      requestOf('HEAD /healthz', body),
    ];
    const { client, accepted } = await open(text.join(''));
    await until(() => accepted.bytesRead === text.join('').length);
    expect(client.text).toBe('');

    database.release();
    socket.write(requestOf('GET /healthz', '\r\n'));
    const statuses = () => client.text.match(/(?<=HTTP\/1\.1 )\d+/g) ?? [];
    await until(() => statuses().length === 8);
    expect(statuses()).toEqual(['200', '200', '200', '200', '404', '400', '200', '200']);
  });

  it('in more than 4,000 chunks closes the connection', async () => {
    const { client, accepted } = await open(query(inChunks(4001)));
    await until(() => accepted.destroyed);
    expect(client.text).toBe('');
  });
});
