import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { openDatabase } from '../../src/database/client.js';
import { insertRows } from '../../src/database/insert-rows.js';
import { migrate } from '../../src/database/migrations/migrations.js';
import { foldForSearch } from '../../src/posts/fold-for-search.js';
import { freshDatabase, onServer, TEST_PROVIDER } from '../support/databases.js';
import { startTandem, type Tandem } from '../support/harness.js';
import { authorOn, change, type Author } from '../support/posting.js';
import { copyMigrations, makeScratch } from '../support/scratch.js';
import { sql } from '../support/sql.js';

const LIST = `query ($first: Int, $after: String, $filter: PostFilter) {
  posts(first: $first, after: $after, filter: $filter) {
    totalCount nodes { id } pageInfo { hasNextPage endCursor }
  }
}`;
/** More posts than a search reads before it asks the index. No search of these tests finds one of them. */
const NEWER_POSTS = 251;
const CHARACTERS = [
  ...['a', 'b', 'A', 'B', '1', ' ', '\n', '.', '%', '_', '\\', "'", '"', '*', '(', ')', ':', '^', '-', '+', '?'],
  ...['ß', 'ẞ', 'ss', 'İ', 'ı', 'i', 'I', 'é', 'e\u0301', '\u0301', 'ς', 'Σ', 'σ', 'я', 'Я', '漢', '字', '한', 'ﬁ'],
  ...['\u{1f600}', '\u{1f9d1}\u200d\u{1f680}', '\u05b0', '\u{20000}', '\ufffd', 'or', 'AND', 'not0in0the0index'],
];
const texts = (minLength: number, maxLength: number) =>
  fc.array(fc.constantFrom(...CHARACTERS), { minLength, maxLength }).map((all) => all.join(''));

let tandem: Tandem;
let ada: Author;
/** How many statements have asked the index. */
let lookups = 0;
const openTandem = (environment = {}) => {
  const onStatement = (statement: string) => {
    if (/"PostText"|show_trgm/.test(statement)) lookups += 1;
  };
  return startTandem(environment, (options) => openDatabase({ ...options, onStatement }));
};
beforeEach(async () => {
  tandem = await openTandem();
  ada = await authorOn(tandem);
  lookups = 0;
});
afterEach(() => tandem.close());

const runOn = (url: string, statement: string) =>
  TEST_PROVIDER === 'sqlite' ? sql(url, statement) : onServer(url, statement);
const run = (statement: string) => runOn(tandem.config.database.url, statement);

/** Stores so many posts that a search for an older one asks the index. */
async function storeNewerPosts(): Promise<void> {
  const at = new Date(tandem.clock.nowMs());
  const posts = Array.from({ length: NEWER_POSTS }, (_, n) => ({
    id: `ffffffff-0000-7000-8000-${String(n).padStart(12, '0')}`,
    authorId: ada.person.id,
    title: '~',
    body: '~',
    foldedTitle: '~',
    foldedBody: '~',
    createdAt: at,
    updatedAt: at,
  }));
  await insertRows(tandem.database, 'Post', posts);
  await tandem.database.post.updateMany({ where: { title: '~' }, data: { status: 'PUBLISHED' } });
}

interface Page {
  nodes: { id: string }[];
  totalCount: number;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/** The ids of all pages, and the total. */
async function search(viewer: Author, text: string, first = 100) {
  const ids: string[] = [];
  let after: string | null = null;
  for (;;) {
    const { data } = await viewer.send(LIST, { first, after, filter: { search: text } });
    const { nodes, totalCount, pageInfo }: Page = data.posts;
    ids.push(...nodes.map(({ id }) => id));
    if (!pageInfo.hasNextPage) return { ids, total: totalCount };
    after = pageInfo.endCursor;
  }
}

it('finds exactly the visible posts that contain a text, while posts change', async () => {
  interface Written {
    title: string;
    body: string;
    isDraft: boolean;
  }
  const eve = await authorOn(tandem);
  const written = new Map<string, Written>();
  const write = async (title: string, body: string, publish: boolean) => {
    written.set(await ada.post(title, { body, publish }), { title: title.trim(), body, isDraft: !publish });
  };
  const posts = fc.tuple(texts(1, 12), texts(0, 30), fc.boolean()).filter(([title]) => /\S/.test(title));
  for (const [title, body, publish] of fc.sample(posts, { numRuns: 120, seed: 1 })) await write(title, body, publish);
  await storeNewerPosts();

  const expected = (text: string, drafts: boolean) => {
    const folded = foldForSearch(text).trim();
    return [...written]
      .filter(([, { title, body }]) => [title, body].some((each) => foldForSearch(each).includes(folded)))
      .filter(([, { isDraft }]) => drafts || !isDraft)
      .map(([id]) => id)
      .sort()
      .reverse();
  };
  const steps = fc.record({
    random: texts(2, 6),
    at: fc.nat(),
    from: fc.nat(),
    length: fc.integer({ min: 2, max: 9 }),
    kind: fc.constantFrom('random', 'part', 'upper', 'update', 'delete', 'publish', 'unpublish', 'part', 'part'),
    first: fc.constantFrom(10, 100),
  });
  for (const { random, at, from, length, kind, first } of fc.sample(steps, { numRuns: 200, seed: 2 })) {
    const [id, post] = [...written][at % written.size] ?? ['', { title: '', body: '', isDraft: false }];
    const whole = [...`${post.title}${post.body}`];
    const part = whole.slice(from % whole.length, (from % whole.length) + length).join('');
    if (kind === 'update') {
      await ada.send(...change('updatePost', { id, body: random }));
      written.set(id, { ...post, body: random });
    } else if (kind === 'delete') {
      await ada.send(...change('deletePost', { id }));
      written.delete(id);
    } else if (kind === 'publish' || kind === 'unpublish') {
      await ada.send(...change(`${kind}Post`, { id }));
      written.set(id, { ...post, isDraft: kind === 'unpublish' });
    }
    const text = kind === 'random' ? random : kind === 'upper' ? part.toUpperCase() : part;
    if (foldForSearch(text).trim() === '') continue;
    const isAuthor = from % 3 > 0;
    const ids = expected(text, isAuthor);
    const found = await search(isAuthor ? ada : eve, text, first);
    expect({ text, ...found }).toEqual({ text, ids, total: ids.length });
  }
  expect(lookups).toBeGreaterThan(60);
}, 120_000);

it('finds posts that an earlier version has written or changed', async () => {
  const changed = await ada.post('Before');
  const at = new Date(tandem.clock.nowMs());
  const id = '01900000-0000-7000-8000-000000000000';
  const times = { createdAt: at, updatedAt: at };
  await tandem.database.post.create({
    data: { id, authorId: ada.person.id, title: 'Привет', body: 'Straße', status: 'PUBLISHED', ...times },
  });
  await run(`UPDATE "Post" SET "title" = 'Grüße' WHERE "id" = '${changed}'`);
  await storeNewerPosts();
  expect((await search(ada, 'ПРИВЕТ')).ids).toEqual([id]);
  expect((await search(ada, 'strasse')).ids).toEqual([id]);
  expect((await search(ada, 'grusse')).ids).toEqual([changed]);
  expect((await search(ada, 'before')).ids).toEqual([]);
  expect(lookups).toBe(4);
  await (await tandem.startInstance()).app.drain();
  expect((await search(ada, 'GRUSSE')).ids).toEqual([changed]);
});

it('finds a post that is too long for the index', async () => {
  const id = await ada.post('Long', { body: `needle ${'㍿'.repeat(30_000)}` }); // four characters each
  await storeNewerPosts();
  expect((await search(ada, 'needle')).ids).toEqual([id]);
  await ada.send(...change('updatePost', { id, body: 'short' }));
  expect((await search(ada, 'needle')).ids).toEqual([]);
  expect((await search(ada, 'short')).ids).toEqual([id]);
  expect(lookups).toBe(3);
});

it('finds the same posts after VACUUM', async () => {
  const ids = [];
  for (const title of ['first', 'second', 'third']) ids.push(await ada.post(title));
  await ada.send(...change('deletePost', { id: ids[0] }));
  await storeNewerPosts();
  await run('VACUUM');
  expect((await search(ada, 'first')).ids).toEqual([]);
  expect((await search(ada, 'second')).ids).toEqual([ids[1]]);
  expect((await search(ada, 'third')).ids).toEqual([ids[2]]);
  expect(lookups).toBe(3);
});

it('finds no post of a deleted account', async () => {
  const { ids } = await search(ada, 'gone');
  expect(ids).toEqual([]);
  const eve = await authorOn(tandem);
  await eve.post('gone');
  await storeNewerPosts();
  await tandem.database.account.delete({ where: { id: eve.person.id } });
  expect(await search(ada, 'gone')).toEqual({ ids: [], total: 0 });
});

it('rejects U+0000 in a text', async () => {
  const { errors } = await ada.send(LIST, { filter: { search: 'abc\0def' } });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
});

it('finds posts that are older than the index', async () => {
  const scratch = makeScratch();
  const folderPath = copyMigrations(scratch);
  const later = readdirSync(folderPath).filter((name) => /^\d/.test(name) && name >= '20261126160900_search_index');
  for (const name of later) rmSync(join(folderPath, name), { recursive: true });
  const database = await freshDatabase();
  await migrate({ url: database.url, folderPath });
  const [at, authorId] = ['2026-01-01 00:00:00', '01900000-0000-7000-8000-00000000000a'];
  const insert = (table: string, row: Record<string, string>) => {
    const columns = Object.keys(row).map((name) => `"${name}"`);
    const values = Object.values(row).map((value) => `'${value}'`);
    return runOn(database.url, `INSERT INTO "${table}" (${columns.join()}) VALUES (${values.join()})`);
  };
  const times = { createdAt: at, updatedAt: at };
  await insert('Account', { id: authorId, email: 'old@example.com', displayName: 'Old', passwordHash: 'x', ...times });
  const post = { authorId, status: 'PUBLISHED', ...times };
  const [folded, unfolded] = ['01900000-0000-7000-8000-000000000002', '01900000-0000-7000-8000-000000000001'];
  await insert('Post', { id: folded, title: 'Grüße', body: '', foldedTitle: 'grusse', foldedBody: '', ...post });
  await insert('Post', { id: unfolded, title: 'Grüße', body: '', ...post });
  expect(await migrate({ url: database.url })).toEqual(later.sort());

  await tandem.close();
  tandem = await openTandem({ DATABASE_URL: database.url });
  ada = await authorOn(tandem);
  await storeNewerPosts();
  lookups = 0;
  expect((await search(ada, 'GRUSSE')).ids).toEqual([folded, unfolded]);
  expect(lookups).toBe(1);
  await database.drop();
  scratch.remove();
});
