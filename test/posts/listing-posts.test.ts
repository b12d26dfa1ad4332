import { randomUUID } from 'node:crypto';
import { refusal, startTandem, type Tandem } from '../support/harness.js';
import { authorOn, change, type Author } from '../support/posting.js';

const LIST = `query ($first: Int, $after: String, $last: Int, $before: String, $filter: PostFilter) {
  posts(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
    totalCount nodes { id } edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

interface Page {
  totalCount: number;
  nodes: { id: string }[];
  edges: { cursor: string; node: { id: string } }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

describe('the list of posts', () => {
  let tandem: Tandem;
  let ada: Author;
  let bob: Author;
  /** Fifty posts, all visible to Ada, newest first. Every third is her draft, every fifth is by Bob. */
  let ids: string[];
  beforeAll(async () => {
    tandem = await startTandem();
    [ada, bob] = await Promise.all([authorOn(tandem), authorOn(tandem)]);
    ids = [];
    for (let n = 0; n < 50; n++) {
      ids.unshift(await (n % 5 === 0 ? bob.post(`Post ${n}`) : ada.post(`Post ${n}`, { publish: n % 3 !== 0 })));
    }
  });
  afterAll(() => tandem.close());

  const page = async (variables: object, author = ada): Promise<Page> =>
    (await author.send(LIST, variables)).data.posts;
  const idsOf = ({ nodes }: Page) => nodes.map(({ id }) => id);

  it('returns 20 posts by default, newest first', async () => {
    const { nodes, edges, pageInfo, totalCount } = await page({});
    expect(nodes.map(({ id }) => id)).toEqual(ids.slice(0, 20));
    expect(edges.map(({ node }) => node)).toEqual(nodes);
    expect(totalCount).toBe(50);
    expect(pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: edges[0]?.cursor,
      endCursor: edges[19]?.cursor,
    });
  });

  it.each([
    [1, 50],
    [7, 8],
    [10, 5],
    [100, 1],
  ])('pages forward by %i in %i pages with correct flags', async (first, pages) => {
    const walked: string[] = [];
    let after: string | null = null;
    for (let n = 1; n <= pages; n++) {
      const current: Page = await page({ first, after });
      walked.push(...idsOf(current));
      expect(current.pageInfo).toMatchObject({ hasNextPage: n < pages, hasPreviousPage: n > 1 });
      after = current.pageInfo.endCursor;
    }
    expect(walked).toEqual(ids);
  });

  it.each([
    [7, 8],
    [10, 5],
    [100, 1],
  ])('pages backward by %i in %i pages with correct flags', async (last, pages) => {
    const walked: string[] = [];
    let before: string | null = null;
    for (let n = 1; n <= pages; n++) {
      const current: Page = await page({ last, before });
      walked.unshift(...idsOf(current));
      expect(current.pageInfo).toMatchObject({ hasNextPage: n > 1, hasPreviousPage: n < pages });
      before = current.pageInfo.startCursor;
    }
    expect(walked).toEqual(ids);
  });

  it('is empty when no post is visible', async () => {
    const LIST_ALL = 'query ($filter: PostFilter) { posts(filter: $filter) { nodes { title author { id } } } }';
    const filter = { search: 'nobody has written this' };
    expect((await ada.send(LIST_ALL, { filter })).data).toEqual({ posts: { nodes: [] } });
  });

  it('neither skips nor repeats a post while others are created and deleted', async () => {
    const author = await authorOn(tandem);
    const filter = { status: 'DRAFT' };
    const draft = () => author.post('Draft', { publish: false });
    const written: string[] = [];
    for (let n = 0; n < 30; n++) written.unshift(await draft());
    const walked: string[] = [];
    let after: string | null = null;
    do {
      const current: Page = await page({ first: 7, after, filter }, author);
      walked.push(...idsOf(current));
      after = current.pageInfo.hasNextPage ? current.pageInfo.endCursor : null;
      await Promise.all([draft(), draft()]);
      // The cursor stays valid when its post is deleted.
      await author.send(...change('deletePost', { id: walked.at(-1) }));
    } while (after);
    expect(walked).toEqual(written);
  });

  it('returns correct flags for a page between two cursors and for an empty page', async () => {
    const { edges } = await page({ first: 50 });
    const cursor = (at: number) => edges[at]?.cursor;
    const flags = async (variables: object) => {
      const { nodes, pageInfo } = await page(variables);
      return [nodes.length, pageInfo.hasPreviousPage, pageInfo.hasNextPage];
    };
    expect(await flags({ first: 10, after: cursor(3), before: cursor(8) })).toEqual([4, true, true]);
    expect(await flags({ last: 10, after: cursor(3), before: cursor(8) })).toEqual([4, true, true]);
    expect(await flags({ first: 10, after: cursor(49) })).toEqual([0, true, false]);
    expect(await flags({ last: 10, before: cursor(0) })).toEqual([0, false, true]);
    expect(await flags({ first: 10, after: cursor(3), before: cursor(4) })).toEqual([0, true, true]);
    expect(await flags({ filter: { search: randomUUID() } })).toEqual([0, false, false]);
    const older = Buffer.from('post:00000000-0000-7000-8000-000000000000').toString('base64url');
    expect(await flags({ first: 10, after: older })).toEqual([0, true, false]);
    expect(await flags({ first: 10, after: older, filter: { search: randomUUID() } })).toEqual([0, false, false]);
  });

  it.each([
    { first: 0 },
    { first: -1 },
    { first: 101 },
    { first: 2_147_483_647 },
    { first: 2_147_483_648 },
    { first: 1.5 },
    { first: '10' },
    { last: 0 },
    { last: -1 },
    { last: 101 },
    { first: 1, last: 1 },
    { after: '' },
    { after: 'garbage' },
    { before: 'cG9zdDp4' },
    { after: Buffer.from(`account:${randomUUID()}`).toString('base64url') },
    { after: randomUUID() },
    { filter: { search: 'x'.repeat(101) } },
    { filter: { status: 'HIDDEN' } },
  ])('rejects %j', async (variables) => {
    const reply = await ada.send(LIST, variables);
    expect(refusal(reply)).toEqual({ status: 400, code: 'BAD_USER_INPUT', reason: null, recovery: 'FIX_INPUT' });
    expect(reply.data ?? null).toBeNull();
  });

  it.each([{ first: 1 }, { first: 100 }, { last: 1 }, { last: 100 }, { filter: { search: 'x'.repeat(100) } }])(
    'accepts %j',
    async (variables) => {
      expect((await ada.send(LIST, variables)).errors).toBeUndefined();
    },
  );

  it('accepts only one encoding of each cursor', async () => {
    const [cursor = ''] = (await page({ first: 1 })).edges.map((edge) => edge.cursor);
    const twin = cursor.slice(0, -1) + String.fromCharCode(cursor.charCodeAt(cursor.length - 1) + 1);
    for (const spelling of [`${cursor}=`, ` ${cursor}`, `${cursor}\n`, `${cursor}.`, twin, cursor.toUpperCase()]) {
      expect(refusal(await ada.send(LIST, { after: spelling }))).toMatchObject({ code: 'BAD_USER_INPUT' });
    }
  });
});
