import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { startBrowser } from '../support/browser.js';
import { droppingProxy, type DroppingProxy } from '../support/dropping-proxy.js';
import { PROTECTED, startTandem, type Person, type Tandem } from '../support/harness.js';

const CREATE = 'mutation CreatePost($input: CreatePostInput!) { createPost(input: $input) { post { id } } }';

describe('a browser whose kept-alive connection breaks before the first byte of a response', () => {
  let browser: Browser;
  let tandem: Tandem;
  let proxy: DroppingProxy;
  let person: Person;
  beforeAll(async () => {
    [browser, tandem] = await Promise.all([startBrowser(), startTandem()]);
    proxy = await droppingProxy(tandem.url);
  }, 60_000);
  beforeEach(async () => {
    person = await tandem.person();
  });
  afterAll(async () => {
    await browser?.close();
    await proxy?.close();
    await tandem?.close();
  });

  /** Sends a query and then `createPost` on the same connection, which breaks. Resolves to the response that arrives. */
  async function createOnBrokenConnection(input: object): Promise<string> {
    const { authToken } = await tandem.login(person);
    // A page of the same origin, so that no preflight request comes between.
    const page = await browser.newPage({ bypassCSP: true });
    await page.goto(`${proxy.url}/healthz`);
    const send = (query: string, variables: object) =>
      page.evaluate(
        async ([body, authorization]) => {
          const headers = { 'content-type': 'application/json', authorization };
          return (await fetch('/graphql', { method: 'POST', headers, body })).text();
        },
        [JSON.stringify({ query, variables }), `Bearer ${authToken}`] as const,
      );
    await send(PROTECTED, {});
    proxy.drop(1);
    const text = await send(CREATE, { input });
    await page.close();
    return text;
  }

  const createdPosts = () => tandem.database.post.findMany({ where: { authorId: person.id }, select: { id: true } });
  const countOfRequests = () => tandem.log().split('"operation":"CreatePost"').length - 1;

  it('resends createPost, which creates one post with an idempotency key', async () => {
    const before = countOfRequests();
    const text = await createOnBrokenConnection({ title: 'Once', body: '', idempotencyKey: randomUUID() });
    const posts = await createdPosts();
    expect(posts).toHaveLength(1);
    expect(JSON.parse(text)).toEqual({ data: { createPost: { post: posts[0] } } });
    expect(countOfRequests() - before).toBe(2);
  });

  it('resends createPost, which creates two posts without an idempotency key', async () => {
    const before = countOfRequests();
    const text = await createOnBrokenConnection({ title: 'Twice', body: '' });
    expect(JSON.parse(text).errors).toBeUndefined();
    expect(await createdPosts()).toHaveLength(2);
    expect(countOfRequests() - before).toBe(2);
  });
});
