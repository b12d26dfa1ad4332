import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { PASSWORD, LOGIN, startTandem, type GraphQLReply, type Tandem } from '../support/harness.js';
import { until } from '../support/until.js';

const QUERY = '{"query":"{ __typename }"}';
const BYTES = 600_000;
const LARGE = QUERY.padEnd(BYTES);
const LENGTH = `Content-Length: ${BYTES}\r\n\r\n`;
const CHUNKED = `Transfer-Encoding: chunked\r\n\r\n${BYTES.toString(16)}\r\n`;

describe('the memory of large bodies', () => {
  let tandem: Tandem;
  const sockets: Socket[] = [];
  // One client may hold one body of 600 kB, because 800 kB would remain free for a second one.
  const settings = { BODY_MEMORY_BYTES: '2000000', TRUSTED_PROXIES: '127.0.0.1' };
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await tandem.close();
  });

  async function open(text: string) {
    const { hostname, port } = new URL(tandem.url);
    const socket = connect(Number(port), hostname);
    sockets.push(socket);
    const client = { socket, text: '' };
    socket.on('data', (chunk) => (client.text += String(chunk)));
    socket.on('error', () => undefined);
    const [accepted] = (await once(tandem.app.http.server, 'connection')) as [Socket];
    socket.write(text);
    await until(() => accepted.bytesRead === text.length || accepted.destroyed);
    return client;
  }

  const head = (client: string) =>
    `POST /graphql HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: ${client}\r\nContent-Type: application/json\r\n`;
  /** Sends a body except for its last byte. */
  const openUnfinished = (client: string, framing = LENGTH) => open(head(client) + framing + LARGE.slice(0, -1));

  async function post(
    client: string,
    body = LARGE,
  ): Promise<{ status: number; retryAfter: string | null; errors: GraphQLReply['errors'] }> {
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': client };
    const response = await fetch(`${tandem.url}/graphql`, { method: 'POST', headers, body });
    const { errors } = (await response.json()) as { errors: GraphQLReply['errors'] };
    return { status: response.status, retryAfter: response.headers.get('retry-after'), errors };
  }
  const untilStatus = (client: string, status: number) => until(async () => (await post(client)).status === status);

  it.each([
    ['Content-Length', LENGTH],
    ['chunks', CHUNKED],
  ])('is bounded: further ones with %s get 503 and Retry-After', async (_framing, framing) => {
    tandem = await startTandem(settings);
    await openUnfinished('192.0.2.1', framing);
    await untilStatus('192.0.2.1', 503);
    const { retryAfter, errors } = await post('192.0.2.1');
    expect(Number(retryAfter)).toBeGreaterThan(1);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'SERVICE_UNAVAILABLE', recovery: 'RETRY' });
    expect(tandem.log()).toContain(
      '"event":"http.bodies_rejected","setting":"BODY_MEMORY_BYTES","network":"192.0.2.1"',
    );
  });

  it('is not needed for a login, a refresh, and other bodies of up to 16 kB', async () => {
    tandem = await startTandem(settings);
    const person = await tandem.person();
    await openUnfinished('192.0.2.1');
    await open(`${head('192.0.2.1')}Content-Length: 390000\r\n\r\n${' '.repeat(389_999)}`);
    const headers = { 'x-forwarded-for': '192.0.2.1' };
    const { refreshToken } = await tandem.login(person, { headers });
    expect((await tandem.refresh(refreshToken, { headers })).errors).toBeUndefined();
    const login = JSON.stringify({ query: LOGIN, variables: { input: { email: person.email, password: PASSWORD } } });
    expect((await post('192.0.2.1', login.padEnd(16_384))).status).toBe(200);
    expect((await post('192.0.2.1', login.padEnd(16_385))).status).toBe(503);
  });

  it('is shared: one client leaves at least half of it to others', async () => {
    tandem = await startTandem(settings);
    await openUnfinished('2001:db8::1');
    await untilStatus('2001:db8::2', 503); // the same /64
    expect((await post('2001:db8:0:1::1')).status).toBe(200);
    expect((await post('192.0.2.1')).status).toBe(200);
  });

  it('is free again after each disconnected client', async () => {
    tandem = await startTandem(settings);
    for (let time = 0; time < 20; time += 1) {
      const { socket } = await openUnfinished('192.0.2.1', time % 2 === 0 ? LENGTH : CHUNKED);
      await untilStatus('192.0.2.1', 503);
      socket.destroy();
      await untilStatus('192.0.2.1', 200);
    }
  });

  it('is free again after each response', async () => {
    tandem = await startTandem(settings);
    for (let time = 0; time < 20; time += 1) {
      expect((await post('192.0.2.1', time % 2 === 0 ? LARGE : ' '.repeat(BYTES))).status).toBe(
        time % 2 === 0 ? 200 : 400,
      );
    }
    await openUnfinished('192.0.2.1');
    await untilStatus('192.0.2.1', 503);
  });

  it('is free again after a client that pipelined several and disconnected', async () => {
    tandem = await startTandem(settings);
    for (let time = 0; time < 10; time += 1) {
      const { socket } = await open(`${head('192.0.2.1')}${LENGTH}${LARGE}`.repeat(5));
      socket.destroy();
    }
    await untilStatus('192.0.2.1', 200);
  });

  it('is free again after a body that did not arrive in time', async () => {
    tandem = await startTandem({ ...settings, REQUEST_TIMEOUT_MS: '1000' });
    const slow = await openUnfinished('192.0.2.1');
    await untilStatus('192.0.2.1', 503);
    await untilStatus('192.0.2.1', 200);
    expect(slow.text).toMatch(/^HTTP\/1.1 408 /);
  });
});

describe('a body in many chunks', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem()));
  afterAll(() => tandem.close());

  async function statusOf(chunks: number, path = '/graphql', type = 'application/json'): Promise<string> {
    const { hostname, port } = new URL(tandem.url);
    const socket = connect(Number(port), hostname);
    const bytes = [...QUERY.padEnd(chunks)].map((byte) => `1\r\n${byte}\r\n`).join('');
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n${bytes}0\r\n\r\n`,
    );
    const [reply] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    return String(reply).slice(9, 12);
  }

  it('is served if it has at most 4,000', async () => {
    expect(await statusOf(4000)).toBe('200');
  });

  it('is rejected if it has more, before they take memory and time', async () => {
    expect(await statusOf(4001)).toBe('400');
    expect(await statusOf(4001, '/account/verify', 'application/x-www-form-urlencoded')).toBe('400');
  });

  it.each(['/graphql', '/account/verify'])(
    'ends the connection to %s if it goes on after the response',
    async (path) => {
      const { hostname, port } = new URL(tandem.url);
      const socket = connect(Number(port), hostname);
      let received = '';
      socket.on('data', (data) => (received += String(data)));
      socket.on('error', () => undefined); // a reset
      const type = path === '/graphql' ? 'application/json' : 'application/x-www-form-urlencoded';
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      const closed = once(socket, 'close');
      const send = () => {
        if (socket.destroyed) return;
        socket.write('1\r\n \r\n'.repeat(500));
        setImmediate(send);
      };
      send();
      await closed;
      expect(received).toMatch(/^HTTP\/1.1 400 /);
    },
  );
});
