import { wire, type Wire } from '../../test/client/wire.js';
import { startTandem, type Tandem } from '../../test/support/harness.js';
import { createTandemClient } from '../src/index.js';
import { requestTokenStore } from '../src/server.js';
import { manualClock, type ManualClock } from './support/manual-clock.js';
import { loginPair } from './support/tab.js';

const HOUR_AND_A_SECOND = 3601;
const READ = '{ me { email } }';

describe('a server that renders pages', () => {
  let tandem: Tandem;
  let network: Wire;
  let clock: ManualClock;
  /** What the browser keeps. */
  let cookie: string | undefined;
  beforeAll(async () => {
    tandem = await startTandem();
  });
  afterAll(() => tandem.close());
  beforeEach(async () => {
    network = wire();
    clock = manualClock();
    cookie = undefined;
    await clientFor(undefined, (value) => (cookie = value)).signIn(await loginPair(tandem));
  });

  const url = () => `${tandem.url}/graphql`;
  const clientFor = (value: string | undefined, save?: (value: string | undefined) => void) =>
    createTandemClient({ url: url(), fetch: network.fetch, clock, store: requestTokenStore(value, save) });

  /** Reads as often as a page with several parts. Returns the statuses. */
  async function render(save?: (value: string | undefined) => void) {
    const client = clientFor(cookie, save);
    const body = JSON.stringify({ operationName: 'Read', query: `query Read ${READ}` });
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    const responses = await Promise.all([client.fetch(url(), init), client.fetch(url(), init)]);
    return responses.map(({ status }) => status);
  }
  const OK = [200, 200];

  it('refreshes once for a page, and its response has the next tokens', async () => {
    tandem.clock.advance(HOUR_AND_A_SECOND);
    const before = cookie;
    await expect(render((value) => (cookie = value))).resolves.toEqual(OK);
    expect(network.count('Refresh')).toBe(1);
    expect(cookie).not.toBe(before);

    await expect(render()).resolves.toEqual(OK);
    expect(network.count('Refresh')).toBe(1);
  });

  it('renders several pages at once, of which any may be the last that the browser receives', async () => {
    tandem.clock.advance(HOUR_AND_A_SECOND);
    const saved: (string | undefined)[] = [];
    const page = () => render((value) => saved.push(value));
    await expect(Promise.all([page(), page(), page()])).resolves.toEqual([OK, OK, OK]);
    for (cookie of saved) {
      tandem.clock.advance(60);
      await expect(render()).resolves.toEqual(OK);
    }
  });

  it('does not refresh where the response cannot be stored', async () => {
    tandem.clock.advance(HOUR_AND_A_SECOND);
    await expect(render()).resolves.toEqual([401, 401]);
    expect(network.count('Refresh')).toBe(0);

    await expect(render((value) => (cookie = value))).resolves.toEqual(OK);
  });

  it('logs nobody out if the response has begun in spite of `save`', async () => {
    tandem.clock.advance(HOUR_AND_A_SECOND);
    const late = () => {
      throw new Error('Headers were sent.');
    };
    await expect(render(late)).resolves.toEqual([401, 401]);
    tandem.clock.advance(60);
    await expect(render((value) => (cookie = value))).resolves.toEqual(OK);
  });

  it('does not refresh early, because the response could have begun when the tokens arrive', async () => {
    clock.advance((HOUR_AND_A_SECOND - 10) * 1000);
    await expect(render((value) => (cookie = value))).resolves.toEqual(OK);
    expect(network.count('Refresh')).toBe(0);
  });

  it('deletes the cookie when the user logs out, or was logged out', async () => {
    const save = (value: string | undefined) => (cookie = value);
    await clientFor(cookie, save).signOut();
    expect(cookie).toBeUndefined();

    await clientFor(undefined, save).signIn(await loginPair(tandem));
    tandem.clock.advance(31 * 86_400);
    await expect(render(save)).resolves.toEqual([401, 401]);
    expect(cookie).toBeUndefined();
  });

  it.each(['not JSON', '"text"', '{"refreshToken":"R"}'])(
    'takes the damaged cookie %s for no tokens',
    async (value) => {
      cookie = value;
      await expect(render((next) => (cookie = next))).resolves.toEqual([401, 401]);
    },
  );
});
