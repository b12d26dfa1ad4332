import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startTandem, type Tandem } from '../support/harness.js';
import { storePosts } from '../support/stored-posts.js';
import { until } from '../support/until.js';

const QUERY = '{ posts(first: 100) { nodes { body } } }';

describe('requests that a client pipelines on one connection', () => {
  let tandem: Tandem;
  let token: string;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    tandem = await startTandem();
    const person = await tandem.person();
    ({ authToken: token } = await tandem.login(person));
    const bodies = Array.from({ length: 100 }, () => 'x'.repeat(50_000));
    await storePosts(tandem, person.id, bodies);
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });
  afterAll(() => tandem.close());

  function requestOf(query: string): string {
    const body = JSON.stringify({ query });
    return `POST /graphql HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  }

  async function open(): Promise<Socket> {
    const { hostname, port } = new URL(tandem.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  }

  /** The responses of the server to requests on this connection. */
  function responsesTo(socket: Socket): ServerResponse[] {
    const responses: ServerResponse[] = [];
    tandem.app.http.server.on('request', (request, response) => {
      if (request.socket.remotePort === socket.localPort) responses.push(response);
    });
    return responses;
  }

  it('are processed one after the other, so that a client that reads nothing holds one large response', async () => {
    const socket = await open();
    socket.pause();
    const responses = responsesTo(socket);
    socket.write(requestOf(QUERY).repeat(5));
    const held = () => responses.filter(({ writableEnded, writableFinished }) => writableEnded && !writableFinished);
    await until(() => held().length > 0);
    // The operating system may take the first ones. The server could have read the posts of all five meanwhile.
    for (let time = 0; time < 5; time += 1) await tandem.send(QUERY, {}, { token });
    expect(held()).toHaveLength(1);

    let received = '';
    socket.on('data', (chunk) => (received += String(chunk)));
    socket.resume();
    // A response is closed when the operating system has taken its last bytes; the client may read them later.
    await until(() => received.match(/"nodes":/g)?.length === 5 && received.length > 25_000_000);
  });

  it('are all served if the client always has some in flight', async () => {
    const socket = await open();
    let received = '';
    let sent = 0;
    socket.on('data', (chunk) => {
      received += String(chunk);
      const served = received.split('"__typename"').length - 1;
      for (; sent < Math.min(served + 20, 400); sent += 1) socket.write(requestOf('{ __typename }'));
    });
    for (; sent < 20; sent += 1) socket.write(requestOf('{ __typename }'));
    await until(() => received.split('"__typename"').length - 1 === 400);
  });

  it('are not served if more than 100 wait: the connection is closed', async () => {
    const socket = await open();
    socket.pause();
    socket.write(requestOf(QUERY) + requestOf('{ __typename }').repeat(101));
    const closed = once(socket, 'close');
    socket.resume();
    await closed;
  });
});

describe('a connection that waits for its next request', () => {
  it('keeps no response', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const tandem = await startTandem();
    const responses: WeakRef<ServerResponse>[] = [];
    tandem.app.http.server.on('request', (_request, response) => responses.push(new WeakRef(response)));
    const { hostname, port } = new URL(tandem.url);
    const socket = connect(Number(port), hostname);
    socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    await until(() => {
      collectGarbage();
      return responses.length === 1 && responses[0]?.deref() === undefined;
    });
    expect(socket.readyState).toBe('open');
    socket.destroy();
    await tandem.close();
  });
});
