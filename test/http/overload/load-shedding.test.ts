import { sampleEventLoopLag } from '../../../src/http/overload/event-loop-lag.js';
import { openDatabase } from '../../../src/database/client.js';
import { LOGIN, PASSWORD, PROTECTED, REFRESH, refusal, startTandem, type Tandem } from '../../support/harness.js';

const CREATE = 'mutation { createPost(input: { title: "a", body: "b" }) { post { id } } }';
const UNAVAILABLE = { status: 503, code: 'SERVICE_UNAVAILABLE', reason: null, recovery: 'RETRY' };

describe('a server whose event loop is late', () => {
  let tandem: Tandem;
  let sample: (lagMs: number) => void = () => undefined;
  beforeAll(async () => {
    tandem = await startTandem({ OVERLOAD_LAG_MS: '100' }, openDatabase, (listener) => {
      sample = listener;
      return () => undefined;
    });
  });
  beforeEach(() => lag(0, 300));
  afterAll(() => tandem.close());

  function lag(lagMs: number, samples = 4): void {
    for (let count = 0; count < samples; count++) sample(lagMs);
  }

  async function shed(): Promise<string[]> {
    const { authToken: token, refreshToken } = tokens;
    const replies = {
      read: await tandem.send(PROTECTED, {}, { token }),
      public: await tandem.send('{ tokenStatus { serverTime } }'),
      login: await tandem.send(LOGIN, { input: { email: 'nobody@example.com', password: PASSWORD } }),
      create: await tandem.send(CREATE, {}, { token }),
      logout: await tandem.send('mutation { logout { loggedOut } }'),
      refresh: await tandem.refresh(refreshToken),
    };
    return Object.entries(replies).flatMap(([name, { status }]) => (status === 503 ? [name] : []));
  }

  let tokens: Awaited<ReturnType<Tandem['login']>>;
  beforeEach(async () => (tokens = await tandem.login()));

  it('rejects reads first and refreshes last', async () => {
    expect(await shed()).toEqual([]);
    lag(100);
    expect(await shed()).toEqual(['read', 'public']);
    lag(200);
    expect(await shed()).toEqual(['read', 'public', 'login']);
    lag(400);
    expect(await shed()).toEqual(['read', 'public', 'login', 'create', 'logout']);
    lag(800);
    expect(await shed()).toEqual(['read', 'public', 'login', 'create', 'logout', 'refresh']);
    lag(0);
    expect(await shed()).toEqual([]);
  });

  it('responds 503 with a Retry-After that differs between requests, and never 401', async () => {
    lag(10_000);
    const invalid = { token: 'not a token' };
    const replies = await Promise.all(Array.from({ length: 40 }, () => tandem.send(PROTECTED, {}, invalid)));
    for (const reply of replies) {
      expect(refusal(reply)).toEqual(UNAVAILABLE);
      expect(reply.headers.get('retry-after')).toBe(String(reply.errors?.[0]?.extensions['retryAfterSeconds']));
    }
    expect(new Set(replies.map(({ headers }) => headers.get('retry-after'))).size).toBeGreaterThan(1);
  });

  it('rejects the forms of pages like mutations, and shows what was entered again', async () => {
    const page = `${tandem.url}/account/verify`;
    const body = new URLSearchParams({ form: 'link', token: 'a token of a link', password: PASSWORD });
    const submit = () => fetch(page, { method: 'POST', headers: { origin: tandem.url }, body });
    lag(200);
    expect((await submit()).status).toBe(400);
    lag(400);
    const response = await submit();
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await response.text()).toContain('a token of a link');
    expect((await fetch(page)).status).toBe(200);
  });

  it('keeps responding to health checks', async () => {
    lag(10_000);
    for (const path of ['healthz', 'readyz']) expect((await fetch(`${tandem.url}/${path}`)).status).toBe(200);
  });

  it('does not reject requests after a single pause', async () => {
    sample(10_000);
    expect((await tandem.send(PROTECTED, {}, { token: tokens.authToken })).status).toBe(200);
  });

  it('accepts requests again only when the lag is below half of the limit', async () => {
    lag(100);
    lag(60);
    expect(await shed()).toEqual(['read', 'public']);
    lag(49);
    expect(await shed()).toEqual([]);
  });

  it.each([
    ['a query that is named like a mutation', 'query refreshToken { mutation: __typename }'],
    [
      'a field with the alias refreshToken',
      'mutation { refreshToken: login(input: { email: "a", password: "b" }) { authToken } }',
    ],
    [
      'a refresh together with another mutation',
      'mutation { refreshToken(input: {}) { authToken } logout { loggedOut } }',
    ],
    [
      'another mutation in a fragment',
      'mutation { ...F refreshToken(input: {}) { authToken } } fragment F on Mutation { logout { loggedOut } }',
    ],
    ['a document with several operations and no name', `${REFRESH} mutation Other { logout { loggedOut } }`],
    ['a document that cannot be parsed', 'mutation { refreshToken(input: '],
    ['an unknown field', 'mutation { refreshToken(input: {}) { authToken } other }'],
    ['a document of 20,000 characters', `${REFRESH} #${'x'.repeat(20_000)}`],
  ])('does not accept %s instead of a refresh', async (_what, document) => {
    lag(400);
    expect(refusal(await tandem.send(document))).toEqual(UNAVAILABLE);
  });

  it('does not accept a refresh that is long with its name, because it would remember both', async () => {
    lag(400);
    const operationName = 'x'.repeat(6000);
    const query = `mutation ${operationName} { refreshToken(input: {}) { authToken } }`;
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ query, operationName });
    expect((await fetch(`${tandem.url}/graphql`, { method: 'POST', headers, body })).status).toBe(503);
  });

  it('logs the begin and the end of an overload once, with the number of rejected requests', async () => {
    const logged = (event: string) =>
      tandem
        .log()
        .split('\n')
        .filter((line) => line.includes(event));
    const [began, ended] = [logged('overload.began').length, logged('overload.ended').length];
    for (let count = 0; count < 10; count++) {
      lag(100);
      await tandem.send(PROTECTED);
      lag(0);
    }
    lag(0, 300);
    expect(logged('overload.began')).toHaveLength(began + 1);
    expect(logged('overload.ended')).toHaveLength(ended + 1);
    expect(JSON.parse(logged('overload.ended').at(-1) ?? '')).toMatchObject({ mostLagMs: 100, shed: { read: 10 } });
  });

  it('rejects nothing if OVERLOAD_LAG_MS is 0', async () => {
    let isSampled = false;
    const other = await startTandem({ OVERLOAD_LAG_MS: '0' }, openDatabase, () => {
      isSampled = true;
      return () => undefined;
    });
    expect(isSampled).toBe(false);
    await other.close();
  });
});

it('sampleEventLoopLag reports how long the event loop was blocked', async () => {
  const lagMs = await new Promise<number>((resolve) => {
    const stop = sampleEventLoopLag((lag) => {
      stop();
      resolve(lag);
    });
    const untilMs = performance.now() + 150;
    while (performance.now() < untilMs);
  });
  expect(lagMs).toBeGreaterThan(80);
});
