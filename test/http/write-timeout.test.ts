import { once } from 'node:events';
import { connect } from 'node:net';
import Fastify from 'fastify';
import { writeTimeout } from '../../src/http/write-timeout.js';

describe('a client that does not read its response', () => {
  it('is disconnected after the write timeout', async () => {
    const server = Fastify();
    writeTimeout(server, 100);
    server.get('/', async () => 'x'.repeat(50_000_000));
    const { port } = new URL(await server.listen({ port: 0 }));
    const socket = connect(Number(port), '127.0.0.1');
    const [accepted] = (await Promise.all([once(server.server, 'connection'), once(socket, 'connect')]))[0];
    socket.pause();
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(accepted, 'close');
    socket.destroy();
    await server.close();
  });

  it('receives a large response completely if it reads', async () => {
    const server = Fastify();
    writeTimeout(server);
    server.get('/', async () => 'x'.repeat(5_000_000));
    const url = await server.listen({ port: 0 });
    expect(await (await fetch(url)).text()).toHaveLength(5_000_000);
    await server.close();
  });
});
