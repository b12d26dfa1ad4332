import type { AddressInfo } from 'node:net';
import { startTandem, type Tandem } from '../support/harness.js';

describe('a connection that cannot be accepted', () => {
  let tandem: Tandem;
  beforeEach(async () => (tandem = await startTandem({ HOST: 'localhost' })));
  afterEach(() => tandem.close());

  it('is logged, and the server still serves at all its addresses', async () => {
    const { http } = tandem.app;
    const error = Object.assign(new Error('accept EMFILE'), { code: 'EMFILE', syscall: 'accept' });
    for (let time = 0; time < 3; time++) http.server.emit('error', error);
    await new Promise((resolve) => setImmediate(resolve));
    for (const { address, port, family } of http.addresses() as AddressInfo[]) {
      const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/healthz`;
      expect((await fetch(url)).status).toBe(200);
    }
    expect(tandem.log().match(/http\.accept_failed/g)).toHaveLength(1);
  });
});
