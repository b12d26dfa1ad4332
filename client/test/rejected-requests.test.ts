import { randomUUID } from 'node:crypto';
import { answer } from '../../test/client/answer.js';
import { until } from '../../test/support/until.js';
import { CREATE, READ } from './support/tab.js';
import { htmlPage, retryAfter } from './support/replies.js';
import { isRefresh, logouts, tabs } from './support/tabs.js';

const LOGIN = 'mutation Login($input: LoginInput!) { login(input: $input) { authToken } }';

describe('the client', () => {
  const given = tabs();
  const { signedIn, expire } = given;

  describe('if the server rejects a query', () => {
    it.each([
      ['503', () => retryAfter(1)],
      ['429', () => retryAfter(1, 429)],
      ['a page of a proxy', () => htmlPage(502)],
      ['a page of a proxy with status 200', () => htmlPage(200)],
      ['no response', () => Promise.reject(new TypeError('fetch failed'))],
    ])('with %s, retries it', async (_case, reply) => {
      const tab = await signedIn();
      tab.network.intercept = async (_request, deliver) => (tab.network.count('Read') === 1 ? reply() : deliver());
      await expect(tab.read()).resolves.toBe('OK');
      expect(tab.network.count('Read')).toBe(2);
    });

    it('waits as long as Retry-After says', async () => {
      const tab = await signedIn();
      tab.network.intercept = async (_request, deliver) =>
        tab.network.count('Read') === 1 ? retryAfter(30) : deliver();
      const reading = tab.read();
      await until(() => tab.clock.waits().length > 0);
      tab.client.wake();
      tab.clock.advance(29_000);
      expect(tab.network.count('Read')).toBe(1);
      tab.clock.advance(3000);
      await expect(reading).resolves.toBe('OK');
    });

    it('returns the rejection if it lasts longer than a minute', async () => {
      const tab = await signedIn();
      tab.network.intercept = async () => retryAfter(61);
      await expect(tab.read()).resolves.toBe('SERVICE_UNAVAILABLE');
      tab.network.intercept = async () => htmlPage(502);
      await expect(tab.read()).resolves.toBe('502');
      expect(tab.network.count('Read')).toBeGreaterThan(5);
      expect(tab.network.count('Read')).toBeLessThan(20);
    });

    it('stops when the request is aborted', async () => {
      const tab = await signedIn();
      tab.network.intercept = async () => retryAfter(30);
      const abort = new AbortController();
      const reading = tab.send(READ, {}, abort.signal);
      await until(() => tab.clock.waits().length > 0);
      abort.abort();
      await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
      tab.clock.advance(60_000);
      await tab.client.ready;
      expect(tab.network.count('Read')).toBe(1);
    });
  });

  describe('if the server rejects a mutation with 503', () => {
    const operations = {
      Create: { token: true, retry: 'with-key' },
      Publish: { token: true, retry: 'always' },
      Login: { token: false, retry: 'never' },
    } as const;
    const PUBLISH = 'mutation Publish($input: PostIdInput!) { publishPost(input: $input) { post { id } } }';

    it.each([
      ['a mutation that is idempotent', PUBLISH, { input: { id: randomUUID() } }, 2],
      ['one with an idempotency key', CREATE, { post: { title: 'T', body: '', idempotencyKey: randomUUID() } }, 2],
      ['one without a key', CREATE, { post: { title: 'T', body: 'my "idempotencyKey":"' } }, 1],
      ['a login', LOGIN, { input: { email: 'a@example.com', password: 'wrong' } }, 1],
    ])('sends %s as often as the map allows', async (_case, document, variables, times) => {
      const tab = await signedIn({ operations });
      tab.network.intercept = async (_request, deliver) => (tab.network.sent.length === 1 ? retryAfter(1) : deliver());
      await tab.send(document, variables);
      expect(tab.network.sent).toHaveLength(times);
    });

    it('sends it once without a map', async () => {
      const tab = await signedIn();
      tab.network.intercept = async () => retryAfter(1);
      await expect(tab.send(CREATE, { post: { title: 'T', body: '', idempotencyKey: randomUUID() } })).resolves.toBe(
        'SERVICE_UNAVAILABLE',
      );
      expect(tab.network.sent).toHaveLength(1);
    });
  });

  describe('if a refresh fails', () => {
    it('sends one more for all requests after a 429, when Retry-After has passed', async () => {
      const tab = await signedIn();
      expire();
      tab.network.intercept = async (request, deliver) =>
        isRefresh(request) && tab.network.count('Refresh') === 1 ? retryAfter(30, 429) : deliver();
      const reads = Array.from({ length: 10 }, () => tab.read());
      await until(() => tab.clock.waits().some((ms) => ms >= 30_000));
      tab.client.wake();
      reads.push(tab.read());
      tab.clock.advance(29_000);
      expect(tab.network.count('Refresh')).toBe(1);
      tab.clock.advance(3000);
      await expect(Promise.all(reads)).resolves.toEqual(Array(11).fill('OK'));
      expect(tab.network.count('Refresh')).toBe(2);
      expect(logouts(tab)).toEqual([]);
    });

    it.each([
      ['503', () => retryAfter(1)],
      ['a page of a proxy', () => htmlPage(502)],
      ['a page of a proxy with status 200', () => htmlPage(200)],
      ['503 of a proxy', () => new Response('', { status: 503 })],
      ['no response', () => Promise.reject(new TypeError('fetch failed'))],
    ])('with %s, keeps the tokens and retries with the same key', async (_case, reply) => {
      const tab = await signedIn();
      expire();
      tab.network.intercept = async (request, deliver) =>
        isRefresh(request) && tab.network.count('Refresh') < 3 ? reply() : deliver();
      await expect(tab.read()).resolves.toBe('OK');
      const keys = tab.network.sent.filter(isRefresh).map(({ variables }) => variables.input.idempotencyKey);
      expect(keys).toEqual([expect.any(String), keys[0], keys[0]]);
      expect(tab.events).toEqual(['signedIn', 'refreshed']);
    });

    it.each([
      ['401', () => answer(401, 'UNAUTHENTICATED', 'REFRESH')],
      ['404', () => new Response('', { status: 404 })],
      ['500', () => answer(500, 'INTERNAL_SERVER_ERROR', 'NONE')],
    ])('with %s, keeps the tokens and returns that', async (_case, reply) => {
      const tab = await signedIn();
      expire();
      tab.network.intercept = async (request, deliver) => (isRefresh(request) ? reply() : deliver());
      await expect(tab.read()).resolves.not.toBe('OK');
      expect(tab.network.count('Refresh')).toBe(1);
      expect((await tab.store.read())?.refreshToken).toBe(given.login.refreshToken);
      expect(logouts(tab)).toEqual([]);
    });

    it('says nothing while the auth token is valid', async () => {
      const tab = await signedIn();
      tab.network.intercept = async (request, deliver) => (isRefresh(request) ? htmlPage(502) : deliver());
      tab.clock.advance(Date.parse(given.login.refreshAfter) - Date.parse(given.login.serverTime) + 1000);
      await expect(tab.read()).resolves.toBe('OK');
      await until(() => tab.network.count('Refresh') > 3);
      await expect(tab.read()).resolves.toBe('OK');
      expect(tab.events).toEqual(['signedIn']);
    });
  });
});
