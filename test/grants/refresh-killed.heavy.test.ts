import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { DEMO_LOGIN } from '../../src/demo/seed.js';
import { LOGIN, PROTECTED, REFRESH } from '../support/harness.js';
import { startServerProcess, type ServerProcess } from '../support/program.js';
import { makeScratch, type Scratch } from '../support/scratch.js';

const ROUNDS = 8;
const CLIENTS = 6;

/** The last pair that a client received. */
interface Kept {
  authToken: string;
  refreshToken: string;
}

describe('a server that is killed under a load of refreshes', () => {
  let scratch: Scratch;
  let server: ServerProcess;
  beforeAll(async () => {
    scratch = makeScratch();
    server = await restarted();
  });
  afterAll(async () => {
    await server.kill();
    scratch.remove();
  });

  const restarted = () =>
    startServerProcess(scratch.path, {
      DATABASE_URL: scratch.url,
      KEY_RING_FILE: join(scratch.path, 'key-ring.json'),
      REFRESH_GRACE_SECONDS: '1',
    });

  it('logs nobody out: every client can refresh with its last token', async () => {
    const { email, password } = DEMO_LOGIN;
    const clients = await Promise.all(
      Array.from({ length: CLIENTS }, async () => (await send(LOGIN, { email, password }))?.login as Kept),
    );
    let refreshes = 0;
    for (let round = 0; round < ROUNDS; round++) {
      let killed = false;
      const storm = clients.map(async (kept) => {
        while (!killed) {
          // Uses every second pair, so that its previous token is invalid when the server is killed.
          if (refreshes++ % 2) await read(kept.authToken).catch(() => undefined);
          await refresh(kept).catch(() => undefined); // the response was lost
        }
      });
      await setTimeout(50 + Math.random() * 250);
      await server.kill();
      killed = true;
      await Promise.all(storm);
      server = await restarted();
      for (const kept of clients) {
        expect(await refresh(kept)).toBe('refreshed');
        expect(await read(kept.authToken)).toBe(200);
      }
    }
    expect(refreshes).toBeGreaterThan(ROUNDS * CLIENTS);
  }, 120_000);

  async function refresh(kept: Kept): Promise<string> {
    const data = await send(REFRESH, { refreshToken: kept.refreshToken });
    if (!data) return 'refused';
    Object.assign(kept, data.refreshToken);
    return 'refreshed';
  }

  async function read(token: string): Promise<number> {
    return (await post(PROTECTED, undefined, { authorization: `Bearer ${token}` })).status;
  }

  async function send(query: string, input: object) {
    const { data } = (await (await post(query, input)).json()) as { data?: { login?: Kept; refreshToken?: Kept } };
    return data;
  }

  function post(query: string, input?: object, headers = {}): Promise<Response> {
    const body = JSON.stringify({ query, variables: { input } });
    const signal = AbortSignal.timeout(10_000);
    return fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      signal,
    });
  }
});
