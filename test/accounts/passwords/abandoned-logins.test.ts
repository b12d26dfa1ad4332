import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { LOGIN, PASSWORD, startTandem, type Person, type Tandem } from '../../support/harness.js';
import { rawRequest } from '../../support/raw-http.js';

const ABANDONED = 15;

describe('queued logins of clients', () => {
  let tandem: Tandem;
  let person: Person;
  beforeAll(async () => {
    // One hash takes long enough for all logins to wait in the queue.
    tandem = await startTandem({ PASSWORD_CONCURRENCY: '1', PASSWORD_ITERATIONS: '10', PASSWORD_MEMORY_KIB: '65536' });
    person = await tandem.person();
  });
  afterAll(() => tandem.close());

  const sendLogin = async (): Promise<Socket> => {
    const { hostname, port } = new URL(tandem.url);
    const socket = connect(Number(port), hostname);
    const body = JSON.stringify({ query: LOGIN, variables: { input: { email: person.email, password: PASSWORD } } });
    socket.write(rawRequest('POST', '/graphql', { 'Content-Type': 'application/json' }, body));
    await once(socket, 'connect');
    return socket;
  };

  it.each([
    ['close their connection', (socket: Socket) => socket.destroy()],
    ['reset their connection', (socket: Socket) => socket.resetAndDestroy()],
  ])('are not hashed if they %s', async (_how, disconnect) => {
    const { id: accountId } = person;
    await tandem.database.session.deleteMany({ where: { accountId } });
    const login = tandem.login(person);
    const sockets = await Promise.all(Array.from({ length: ABANDONED }, sendLogin));
    for (const socket of sockets) disconnect(socket);
    await login;
    await tandem.login(person); // waits behind the abandoned logins
    await tandem.app.drain();
    // At most one of them had already left the queue.
    expect(await tandem.database.session.count({ where: { accountId } })).toBeLessThanOrEqual(3);
  });
});
