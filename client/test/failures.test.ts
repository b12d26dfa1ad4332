import { until } from '../../test/support/until.js';
import { indexedDbTokenStore, memoryTokenStore } from '../src/index.js';
import { loginPair, READ } from './support/tab.js';
import { htmlPage, retryAfter } from './support/replies.js';
import { isRefresh, logouts, tabs } from './support/tabs.js';

describe('the client', () => {
  const given = tabs();
  const { open, signedIn, expire } = given;

  it('refreshes again if the next token has expired too when the request arrives', async () => {
    const tab = await signedIn();
    expire();
    let sleeps = 2;
    tab.network.intercept = async (request, deliver) => {
      if (!isRefresh(request) && sleeps-- > 0) expire();
      return deliver();
    };
    await expect(tab.read()).resolves.toBe('OK');
    expect(logouts(tab)).toEqual([]);
  });

  it('does not repeat a mutation that may have been executed, wherever it is in the document', async () => {
    const tab = await signedIn();
    tab.network.intercept = async (_request, deliver) => {
      await deliver();
      return htmlPage(502);
    };
    const query =
      'query Titles { posts { nodes { title } } }\nmutation Create { createPost(input: {}) { post { id } } }';
    await expect(tab.send(query)).resolves.toBe('502');
    expect(tab.network.sent).toHaveLength(1);
  });

  it('does not repeat a request of one account for another one', async () => {
    const tab = await signedIn();
    const grace = await loginPair(given.tandem);
    tab.network.intercept = async (request, deliver) => {
      if (request.operationName !== 'Read') return deliver();
      await tab.client.signOut();
      await tab.client.signIn(grace);
      return retryAfter(1);
    };
    await expect(tab.read()).resolves.toBe('SERVICE_UNAVAILABLE');
    expect(tab.network.count('Read')).toBe(1);
  });

  it('sends a refresh token to no other server, whatever the redirects', async () => {
    const tab = await signedIn();
    expire();
    const modes: unknown[] = [];
    tab.network.intercept = async (request, deliver) => {
      if (isRefresh(request)) modes.push(request.redirect);
      return deliver();
    };
    await tab.read();
    expect(modes).toEqual(['error']);
  });

  it('works as two clients with one store, as after a hot reload', async () => {
    const store = indexedDbTokenStore(given.database);
    const [one, two] = [await signedIn({}, store), await open({}, store)];
    expire();
    await expect(Promise.all([one.read(), two.read()])).resolves.toEqual(['OK', 'OK']);
    await one.client.signOut();
    await until(() => logouts(two).length === 1);
  });

  it('says when an operation requires a recent login', async () => {
    const tab = await signedIn();
    given.tandem.clock.advance(11 * 60);
    await expect(tab.send('mutation Delete { deleteAccount { accepted } }')).resolves.toBe('FORBIDDEN');
    expect(tab.events).toEqual(['signedIn', 'stepUpNeeded']);
  });

  it('sends its token to no other URL', async () => {
    const headers: (string | null)[] = [];
    const tab = await signedIn({
      fetch: async (_input, init) => {
        headers.push(new Headers(init?.headers).get('authorization'));
        return new Response('{}');
      },
    });
    await tab.client.fetch('https://other.example/graphql');
    await tab.client.fetch(`${given.tandem.url}/graphql/other`);
    await tab.client.fetch(`${given.tandem.url}/graphql?query={a}`);
    expect(headers).toEqual([null, null, `Bearer ${given.login.authToken}`]);
  });

  it('accepts a Request', async () => {
    const tab = await signedIn({ fetch });
    expire();
    const headers = { 'content-type': 'application/json' };
    const request = new Request(`${given.tandem.url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query: READ }),
    });
    const response = await tab.client.fetch(request);
    expect(((await response.json()) as { errors?: unknown }).errors).toBeUndefined();
  });

  it('survives a listener that throws', async () => {
    const tab = await open({}, memoryTokenStore());
    const errors: unknown[] = [];
    const microtasks = globalThis.queueMicrotask;
    globalThis.queueMicrotask = (task) =>
      microtasks(() => {
        try {
          task();
        } catch (error) {
          errors.push(error);
        }
      });
    try {
      tab.client.on('signedIn', () => {
        throw new Error('listener');
      });
      await tab.client.signIn(given.login);
    } finally {
      globalThis.queueMicrotask = microtasks;
    }
    await expect(tab.read()).resolves.toBe('OK');
    expect(errors).toHaveLength(1);
  });
});
