import { request as httpRequest } from 'node:http';
import { startTandem, type Tandem } from '../support/harness.js';
import { sendRaw } from '../support/raw-http.js';

describe('the client address of a session', () => {
  let direct: Tandem;
  let proxied: Tandem;
  beforeAll(async () => {
    direct = await startTandem({ HOST: '::' });
    proxied = await startTandem({ TRUSTED_PROXIES: '127.0.0.1' });
  });
  afterAll(() => Promise.all([direct.close(), proxied.close()]));

  async function addressOf(tandem: Tandem, headers = {}, base = tandem): Promise<string> {
    const { sessionId } = await base.login(await tandem.person(), { headers });
    return (await tandem.database.session.findUnique({ where: { id: sessionId } }))?.ipAddress ?? '';
  }

  it('is an IPv4 address when an IPv4 client connects to an IPv6 socket', async () => {
    const { port } = new URL(direct.url);
    const body = JSON.stringify({ query: '{ __typename }' });
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    await new Promise((resolve) => {
      const client = httpRequest({ host: '127.0.0.1', port, path: '/graphql', method: 'POST', headers }, (response) =>
        response.resume().on('end', resolve),
      );
      client.end(body);
    });
    const addresses = [...direct.log().matchAll(/"ipAddress":"([^"]*)"/g)].map(([, address]) => address);
    expect(addresses).toContain('127.0.0.1');
  });

  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.7:4711', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['[2001:db8::1]:4711', '2001:db8::1'],
    ['garbage<script>', '127.0.0.1'],
    ['x'.repeat(9000), '127.0.0.1'],
    ['192.0.2.999', '127.0.0.1'],
    ['192.0.2.7, garbage', '127.0.0.1'],
    ['192.0.2.7, 127.0.0.1', '192.0.2.7'],
  ])('is, for X-Forwarded-For: %.40s from a trusted proxy, %s', async (forwarded, expected) => {
    expect(await addressOf(proxied, { 'x-forwarded-for': forwarded })).toBe(expected);
  });

  it('is the one that a trusted proxy appends, however many headers the client sent', async () => {
    const head = ['GET /healthz HTTP/1.1', 'Host: localhost', 'Connection: close', ...Array<string>(3000).fill('a:')];
    await sendRaw(proxied.url, `${[...head, 'X-Forwarded-For: 192.0.2.99'].join('\r\n')}\r\n\r\n`);
    expect(proxied.log()).toContain('"ipAddress":"192.0.2.99"');
  });

  it.each(['0.0.0.0/0', '127.0.0.0/8', '::ffff:127.0.0.0/104'])(
    'and the request ID are those that a proxy in the range %s sends',
    async (TRUSTED_PROXIES) => {
      const tandem = await startTandem({ TRUSTED_PROXIES });
      const headers = { 'x-forwarded-for': '192.0.2.7', 'x-request-id': 'request-4711' };
      expect(await addressOf(tandem, headers)).toBe('192.0.2.7');
      expect((await fetch(`${tandem.url}/healthz`, { headers })).headers.get('x-request-id')).toBe('request-4711');
      await tandem.close();
    },
  );
});
