import { randomUUID } from 'node:crypto';
import { openDatabase } from '../../src/database/client.js';
import { onServer, TEST_PROVIDER } from '../support/databases.js';
import { startTandem, type Tandem } from '../support/harness.js';
import { authorOn, change, type Author } from '../support/posting.js';
import { sql } from '../support/sql.js';

const LIST = `query ($first: Int, $after: String, $last: Int, $before: String, $filter: PostFilter, $orderBy: PostOrder) {
  posts(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {
    edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

interface Page {
  edges: { cursor: string; node: { id: string } }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

const NEWEST_FIRST = { field: 'CREATED_AT', direction: 'DESC' };
const OLDEST_FIRST = { field: 'CREATED_AT', direction: 'ASC' };
const LATEST_CHANGE_FIRST = { field: 'UPDATED_AT', direction: 'DESC' };
const EARLIEST_CHANGE_FIRST = { field: 'UPDATED_AT', direction: 'ASC' };
const ORDERS = [NEWEST_FIRST, OLDEST_FIRST, LATEST_CHANGE_FIRST, EARLIEST_CHANGE_FIRST];

describe('posts in an order', () => {
  let tandem: Tandem;
  let ada: Author;
  /** In the order of their creation. */
  let created: string[];
  /** In the order of their last change. */
  let changed: string[];
  const statements: string[] = [];
  beforeAll(async () => {
    const onStatement = (statement: string) => statements.push(statement);
    tandem = await startTandem({}, (options) => openDatabase({ ...options, onStatement }));
    const [author, bob] = await Promise.all([authorOn(tandem), authorOn(tandem)]);
    ada = author;
    created = [];
    // The clock stands still: groups of posts have the same time.
    for (let n = 0; n < 30; n++) {
      if (n % 7 === 0) tandem.clock.advance(1);
      created.push(await (n % 5 === 0 ? bob.post(`Post ${n}`) : ada.post(`Post ${n}`, { publish: n % 3 !== 0 })));
    }
    const again = [3, 4, 6, 7, 8, 9].map((n) => String(created[n]));
    for (const [at, id] of again.entries()) {
      if (at % 3 === 0) tandem.clock.advance(1);
      await ada.send(...change('updatePost', { id, title: 'Changed' }));
    }
    changed = [...created.filter((id) => !again.includes(id)), ...again];
  }, 60_000);
  afterAll(() => tandem.close());

  const page = async (variables: object): Promise<Page> => (await ada.send(LIST, variables)).data.posts;
  const idsOf = ({ edges }: Page) => edges.map(({ node }) => node.id);
  const expected = ({ field, direction }: { field: string; direction: string }) => {
    const ids = field === 'UPDATED_AT' ? changed : created;
    return direction === 'DESC' ? ids.toReversed() : ids;
  };
  const fields = async (variables: object) => {
    const reply = await ada.send(LIST, variables);
    expect(reply.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', recovery: 'FIX_INPUT' });
    return (reply.errors?.[0]?.extensions['fields'] as { path: string[]; reason: string }[]).map(
      ({ path, reason }) => `${path.join('.')}: ${reason}`,
    );
  };

  it.each(ORDERS)('are paged forward by $field, $direction', async (orderBy) => {
    const walked: string[] = [];
    for (let after: string | null = null, isLast = false; !isLast;) {
      const current: Page = await page({ first: 4, after, orderBy });
      walked.push(...idsOf(current));
      expect(current.pageInfo.hasPreviousPage).toBe(after !== null);
      after = current.pageInfo.endCursor;
      isLast = !current.pageInfo.hasNextPage;
    }
    expect(walked).toEqual(expected(orderBy));
  });

  it.each(ORDERS)('are paged backward by $field, $direction', async (orderBy) => {
    const walked: string[] = [];
    for (let before: string | null = null, isFirst = false; !isFirst;) {
      const current: Page = await page({ last: 7, before, orderBy });
      walked.unshift(...idsOf(current));
      expect(current.pageInfo.hasNextPage).toBe(before !== null);
      before = current.pageInfo.startCursor;
      isFirst = !current.pageInfo.hasPreviousPage;
    }
    expect(walked).toEqual(expected(orderBy));
  });

  it('are newest first by default, with the same cursors', async () => {
    const { edges } = await page({ first: 3 });
    expect((await page({ first: 3, orderBy: NEWEST_FIRST })).edges).toEqual(edges);
    const rest = { first: 30, after: edges[2]?.cursor };
    expect(idsOf(await page(rest))).toEqual(idsOf(await page({ ...rest, orderBy: NEWEST_FIRST })));
  });

  it('can be requested in several orders by one operation', async () => {
    const parts = ORDERS.map(
      ({ field, direction }, at) =>
        `p${at}: posts(orderBy: { field: ${field}, direction: ${direction} }) { nodes { id } }`,
    );
    const { data } = await ada.send(`{ ${parts.join(' ')} }`);
    const found = ORDERS.map((_, at) => data[`p${at}`].nodes.map(({ id }: { id: string }) => id));
    expect(found).toEqual(ORDERS.map((order) => expected(order).slice(0, 20)));
  });

  it('reject a cursor of another order', async () => {
    for (const orderBy of ORDERS) {
      const { startCursor } = (await page({ first: 1, orderBy })).pageInfo;
      for (const other of ORDERS.filter((order) => order !== orderBy)) {
        expect(await fields({ after: startCursor, orderBy: other })).toEqual(['after: INVALID_CURSOR']);
        expect(await fields({ last: 1, before: startCursor, orderBy: other })).toEqual(['before: INVALID_CURSOR']);
      }
    }
  });

  it.each(['0', '99999999999999', '999999999999999999', '-1700000000000', '1.7e12', 'NaN', ''])(
    'reject a cursor with the time %s',
    async (time) => {
      const after = Buffer.from(`post.UPDATED_AT.DESC:${time}:${randomUUID()}`).toString('base64url');
      expect(await fields({ after, orderBy: LATEST_CHANGE_FIRST })).toEqual(['after: INVALID_CURSOR']);
    },
  );

  it.each(['1000000000000', '9999999999999'])('accept the time %s in a cursor', async (time) => {
    const after = Buffer.from(`post.UPDATED_AT.ASC:${time}:${randomUUID()}`).toString('base64url');
    expect((await page({ after, orderBy: EARLIEST_CHANGE_FIRST })).edges).toHaveLength(time.startsWith('1') ? 20 : 0);
  });

  it('are always newest first in a search', async () => {
    const filter = { search: 'post' };
    for (const orderBy of ORDERS.slice(1))
      expect(await fields({ filter, orderBy })).toEqual(['orderBy: MUTUALLY_EXCLUSIVE']);
    expect(idsOf(await page({ filter, orderBy: NEWEST_FIRST }))).toEqual(idsOf(await page({ filter })));
  });

  describe.each([{}, { authorId: randomUUID() }, { status: 'PUBLISHED' }, { status: 'DRAFT' }])('with %j', (filter) => {
    it.each(ORDERS)('are read from an index by $field, $direction', async (orderBy) => {
      const cursor = (await page({ first: 1, orderBy })).pageInfo.startCursor;
      for (const window of [{}, { after: cursor }, { last: 5, before: cursor }]) {
        statements.length = 0;
        await page({
          ...window,
          filter: { ...filter, ...('authorId' in filter && { authorId: ada.person.id }) },
          orderBy,
        });
        const [statement = ''] = statements.filter((text) => text.includes('"list"'));
        const plan = await planOf(statement);
        expect(plan).toMatch(/index/i);
        expect(plan).not.toMatch(/\bsort\b|temp b-tree|seq scan/i);
      }
    });
  });

  /** How the database would execute a statement. PostgreSQL scans and sorts small tables, unless it must not. */
  async function planOf(statement: string): Promise<string> {
    const text = statement.replace(/LIMIT (\?|\$\d+)/g, 'LIMIT 21').replace(/\?|\$\d+/g, "'2026-01-01T00:00:00.000Z'");
    if (TEST_PROVIDER === 'sqlite') {
      const plan = await sql(tandem.config.database.url, `EXPLAIN QUERY PLAN ${text}`);
      return plan.map((row) => row.at(-1)).join('\n');
    }
    const off = ['seqscan', 'bitmapscan', 'sort', 'incremental_sort'].map((name) => `SET enable_${name} = off`);
    const plan = await onServer(tandem.config.database.url, ...off, `EXPLAIN ${text}`);
    return plan.map((row) => Object.values(row).join()).join('\n');
  }
});
