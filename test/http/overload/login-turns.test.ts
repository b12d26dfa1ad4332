import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { PROTECTED, REFRESH, startTandem, type Tandem } from '../../support/harness.js';

const LOGINS = 60;
/** Rejected at once, so that the responses show in which order the logins begin. */
const LOGIN = 'mutation { login(input: { email: "ada@example.com", password: "secret" }) { noField } }';

describe('many logins that arrive at once', () => {
  let tandem: Tandem;
  let tokens: Awaited<ReturnType<Tandem['login']>>;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    tandem = await startTandem();
    tokens = await tandem.login();
    await tandem.send(PROTECTED, {}, { token: tokens.authToken });
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await tandem.close();
  });

  function requestOf(query: string, variables: object): string {
    const body = JSON.stringify({ query, variables });
    return `POST /graphql HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${tokens.authToken}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  }

  async function open(): Promise<Socket> {
    const { hostname, port } = new URL(tandem.url);
    const socket = connect(Number(port), hostname);
    sockets.push(socket);
    socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'data'); // the server has accepted it
    return socket;
  }

  /** How many of the logins get their response before the request that arrives after them, and its response. */
  async function loginsBefore(later: string, variables = {}): Promise<{ count: number; status: string }> {
    const connections = await Promise.all(Array.from({ length: LOGINS + 1 }, open));
    const answers: { socket: Socket; status: string }[] = [];
    const all = connections.map(async (socket) => {
      const [data] = (await once(socket, 'data')) as [Buffer];
      answers.push({ socket, status: data.toString().slice(9, 12) });
    });
    for (const socket of connections.slice(0, -1)) socket.write(requestOf(LOGIN, {}));
    connections.at(-1)?.write(requestOf(later, variables));
    await Promise.all(all);
    const count = answers.findIndex(({ socket }) => socket === connections.at(-1));
    return { count, status: answers[count]?.status ?? '' };
  }

  it('do not keep a read or a refresh waiting', async () => {
    const read = await loginsBefore(PROTECTED);
    const refresh = await loginsBefore(REFRESH, { input: { refreshToken: tokens.refreshToken } });
    for (const { count, status } of [read, refresh]) {
      expect(status).toBe('200');
      expect(count).toBeLessThan(LOGINS / 2);
    }
  });
});
