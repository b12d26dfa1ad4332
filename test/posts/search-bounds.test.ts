import { openDatabase } from '../../src/database/client.js';
import { insertRows } from '../../src/database/insert-rows.js';
import { startTandem, type Tandem } from '../support/harness.js';
import { authorOn, type Author } from '../support/posting.js';

const PAGE = `query ($first: Int, $after: String, $last: Int, $before: String, $filter: PostFilter) {
  posts(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
    nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;
/** Reads the texts of posts that it compares. */
const SEARCH = /instr|strpos/;
/** Asks the index. */
const INDEX = /"PostText"|show_trgm/;

interface Stored {
  tandem: Tandem;
  ada: Author;
  /** How many statements have compared texts. */
  searches(): number;
  /** How many statements have asked the index. */
  lookups(): number;
}

const idOf = (n: number) => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;

/** A server with published posts, of which only the oldest contains the word `needle`. */
async function serverWith(count: number, body: string, environment = {}): Promise<Stored> {
  let [searches, lookups] = [0, 0];
  const onStatement = (statement: string) => {
    if (SEARCH.test(statement)) searches += 1;
    if (INDEX.test(statement)) lookups += 1;
  };
  const tandem = await startTandem(environment, (options) => openDatabase({ ...options, onStatement }));
  const ada = await authorOn(tandem);
  const at = new Date(tandem.clock.nowMs());
  const posts = Array.from({ length: count }, (_, n) => ({
    id: idOf(n),
    authorId: ada.person.id,
    title: n === 0 ? 'needle' : 'hay',
    body,
    foldedTitle: n === 0 ? 'needle' : 'hay',
    foldedBody: body,
    createdAt: at,
    updatedAt: at,
  }));
  // Without the statement timeout of the server.
  const preparing = openDatabase({ url: tandem.config.database.url });
  for (let from = 0; from < count; from += 1000) {
    await insertRows(preparing, 'Post', posts.slice(from, from + 1000));
  }
  await preparing.post.updateMany({ data: { status: 'PUBLISHED' } });
  await preparing.$disconnect();
  // The index of SQLite learns of posts that are not written through the server when a search meets them.
  await ada.send(PAGE, { filter: { search: 'index' } });
  await tandem.app.drain();
  return { tandem, ada, searches: () => searches, lookups: () => lookups };
}

/** One page, and the number of statements that it took. */
async function page({ ada, searches, lookups }: Stored, variables: object) {
  const before = searches();
  const lookupsBefore = lookups();
  const { nodes, pageInfo } = (await ada.send(PAGE, variables)).data.posts;
  const ids = nodes.map(({ id }: { id: string }) => id);
  return { ids, ...pageInfo, statements: searches() - before, lookups: lookups() - lookupsBefore };
}

describe('a search in many posts', () => {
  let stored: Stored;
  beforeAll(async () => (stored = await serverWith(10_400, '')));
  afterAll(() => stored.tandem.close());
  /** The index finds no text of two characters. */
  const filter = { search: 'ee' };

  it('finds the only post that contains a text, by the index', async () => {
    const found = await page(stored, { filter: { search: 'needle' } });
    expect(found).toMatchObject({ ids: [idOf(0)], hasNextPage: false, statements: 2, lookups: 1 });
    const last = await page(stored, { filter: { search: 'needle' }, last: 1, before: found.endCursor });
    expect(last).toMatchObject({ ids: [], hasPreviousPage: false, lookups: 1 });
  });

  it('reads no more posts if the index has no post with the text', async () => {
    const found = await page(stored, { filter: { search: 'haystack' } });
    expect(found).toMatchObject({ ids: [], hasNextPage: false, endCursor: null, statements: 1, lookups: 1 });
  });

  it('counts the posts that the index finds', async () => {
    const count = 'query ($filter: PostFilter) { posts(first: 1, filter: $filter) { totalCount nodes { id } } }';
    const before = [stored.searches(), stored.lookups()] as const;
    const { posts } = (await stored.ada.send(count, { filter: { search: 'needle' } })).data;
    expect(posts).toEqual({ totalCount: 1, nodes: [{ id: idOf(0) }] });
    // The page reads the newest posts and those of the index, and the count only the latter.
    expect([stored.searches() - before[0], stored.lookups() - before[1]]).toEqual([3, 1]);
  });

  it('ends after 10,000 posts, and the next page continues', async () => {
    const first = await page(stored, { filter });
    expect(first).toMatchObject({ ids: [], hasNextPage: true, hasPreviousPage: false, startCursor: null });
    expect(first.statements).toBeLessThanOrEqual(10_000 / 250);
    let next = first;
    // A page also ends after one second.
    while (next.ids.length === 0) {
      expect(next.hasNextPage).toBe(true);
      next = await page(stored, { filter, after: next.endCursor });
      // hasPreviousPage uses what is left of the 10,000 posts.
      expect(next.statements).toBeLessThanOrEqual(10_000 / 250 + 1);
    }
    expect(next).toMatchObject({ ids: [idOf(0)], hasNextPage: false });
  });

  it('ends as soon as the page is full', async () => {
    const found = await page(stored, { first: 2, filter: { search: 'hay' } });
    expect(found.ids).toEqual([idOf(10_399), idOf(10_398)]);
    expect(found).toMatchObject({ statements: 1, lookups: 0, hasNextPage: true });
  });

  it('stops counting after 10,000 posts', async () => {
    const count = 'query ($filter: PostFilter) { posts(first: 1, filter: $filter) { totalCount } }';
    const before = stored.searches();
    expect((await stored.ada.send(count, { filter: { search: 'hay' } })).data.posts.totalCount).toBe(10_000);
    // One of them for the page.
    expect(stored.searches() - before).toBe(10_000 / 250 + 1);
  });

  it('does not delay lists that are requested at the same time', async () => {
    const order: string[] = [];
    const send = async (name: string, variables: object) => {
      await page(stored, variables);
      order.push(name);
    };
    await Promise.all([
      send('search', { filter }),
      send('list', {}),
      send('other list', { filter: { status: 'DRAFT' } }),
    ]);
    expect(order.at(-1)).toBe('search');
  });
});

describe('many searches at the same time', () => {
  let stored: Stored;
  beforeAll(async () => {
    stored = await serverWith(5000, '', { DATABASE_STATEMENT_TIMEOUT_MS: '100' });
  });
  afterAll(() => stored.tandem.close());

  it('all find everything, although their pages end early', async () => {
    const search = async () => {
      let after: string | null = null;
      for (;;) {
        const { data } = await stored.ada.send(PAGE, { filter: { search: 'ee' }, after });
        if (!data?.posts) continue; // 503: retry
        if (data.posts.nodes.length > 0) return data.posts.nodes[0].id;
        expect(data.posts.pageInfo.hasNextPage).toBe(true);
        after = data.posts.pageInfo.endCursor;
      }
    };
    expect(new Set(await Promise.all(Array.from({ length: 20 }, search)))).toEqual(new Set([idOf(0)]));
  });
});

describe('a search in long posts', () => {
  let stored: Stored;
  beforeAll(async () => (stored = await serverWith(200, 'a'.repeat(50_000))));
  afterAll(() => stored.tandem.close());

  it('ends after 4 MB of text, each statement after 256 kB', async () => {
    const filter = { search: 'ab' };
    let pages = 0;
    let after: string | null = null;
    do {
      const current: Awaited<ReturnType<typeof page>> = await page(stored, { filter, after });
      expect(current.ids).toEqual([]);
      // A statement reads six posts of 50 kB: the sixth begins before 256 kB.
      expect(current.statements).toBeLessThanOrEqual(Math.ceil(4_000_000 / (6 * 50_000)));
      after = current.hasNextPage ? current.endCursor : null;
      pages += 1;
    } while (after !== null);
    expect(pages).toBeGreaterThanOrEqual(3);
  });

  it('continues backwards as well', async () => {
    const filter = { search: 'ee' };
    const newest = await stored.ada.post('needle');
    const found: string[] = [];
    let before: string | null = null;
    do {
      const current: Awaited<ReturnType<typeof page>> = await page(stored, { last: 5, filter, before });
      found.unshift(...current.ids);
      before = current.hasPreviousPage ? current.startCursor : null;
    } while (before !== null);
    expect(found).toEqual([newest, idOf(0)]);
  });
});
