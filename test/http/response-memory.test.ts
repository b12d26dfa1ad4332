import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { startTandem, type Tandem } from '../support/harness.js';
import { storePosts } from '../support/stored-posts.js';
import { until } from '../support/until.js';

const QUERY = '{ posts(first: 100) { nodes { body } } }';
const MANY = '192.0.2.1';
const FEW = '192.0.2.2';

describe('large responses that clients do not read', () => {
  let tandem: Tandem;
  let token: string;
  const sockets: Socket[] = [];
  const kept: ServerResponse[] = [];
  beforeAll(async () => {
    // One address gets 10.05 MB: two responses of 5 MB, and less than 100 kB.
    tandem = await startTandem({ RESPONSE_MEMORY_BYTES: '20100000', TRUSTED_PROXIES: '127.0.0.1' });
    const person = await tandem.person();
    ({ authToken: token } = await tandem.login(person));
    const bodies = Array.from({ length: 100 }, () => 'x'.repeat(50_000));
    await storePosts(tandem, person.id, bodies);
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await until(() => kept.every(({ closed }) => closed));
  });
  afterAll(() => tandem.close());

  async function ask(address: string, query: string, variables = {}) {
    const response = await fetch(`${tandem.url}/graphql`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'x-forwarded-for': address,
      },
      body: JSON.stringify({ query, variables }),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  }

  /** Requests more than the operating system takes, reads nothing, and resolves when the server keeps a response. */
  async function keepOne(address: string): Promise<Socket> {
    const { hostname, port } = new URL(tandem.url);
    const socket = connect(Number(port), hostname);
    sockets.push(socket.on('error', () => undefined).pause());
    await once(socket, 'connect');
    const responses: ServerResponse[] = [];
    tandem.app.http.server.on('request', (request, response) => {
      if (request.socket.remotePort === socket.localPort) responses.push(response);
    });
    const body = JSON.stringify({ query: QUERY });
    const head = ['POST /graphql HTTP/1.1', 'Host: localhost', `X-Forwarded-For: ${address}`];
    head.push(`Authorization: Bearer ${token}`, 'Content-Type: application/json', `Content-Length: ${body.length}`);
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`.repeat(3));
    const isKept = ({ writableEnded, writableFinished }: ServerResponse) => writableEnded && !writableFinished;
    await until(() => responses.some(isKept));
    kept.push(...responses.filter(isKept));
    return socket;
  }

  it('of one address get 503 beyond a half of RESPONSE_MEMORY_BYTES, while others get theirs', async () => {
    const first = await keepOne(MANY);
    await keepOne(MANY);
    const { status, headers, body } = await ask(MANY, QUERY);
    expect(status).toBe(503);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE', recovery: 'RETRY' } }] });
    await expect(ask(MANY, '{ __typename }')).resolves.toMatchObject({ status: 200 });
    await expect(ask(FEW, QUERY)).resolves.toMatchObject({ status: 200 });
    expect(tandem.log()).toContain('"event":"http.responses_rejected"');

    first.destroy();
    await until(async () => (await ask(MANY, QUERY)).status === 200);
  });

  it('are sent to a mutation, which has taken effect', async () => {
    await keepOne(MANY);
    await keepOne(MANY);
    await expect(ask(MANY, '{ posts(first: 2) { nodes { body } } }')).resolves.toMatchObject({ status: 503 });
    const create = `mutation ($body: String!) {
      createPost(input: { title: "T", body: $body }) { post { body again: body } }
    }`;
    const { status, body } = await ask(MANY, create, { body: 'x'.repeat(50_000) });
    expect(body).toMatchObject({ data: { createPost: { post: { again: 'x'.repeat(50_000) } } } });
    expect(status).toBe(200);
  });

  it('do not count when the clients have read them', async () => {
    for (let time = 0; time < 8; time += 1) expect((await ask(MANY, QUERY)).status).toBe(200);
  });
});
