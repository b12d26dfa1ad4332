import { openDatabase } from '../../src/database/client.js';
import { postListLoader, type PostsAsked } from '../../src/posts/post-list-loader.js';
import { startTandem, type Tandem } from '../support/harness.js';
import { authorOn } from '../support/posting.js';

const TITLES = '{ posts { nodes { title } } }';

describe('lists of posts that are requested at once', () => {
  let tandem: Tandem;
  let statements: string[];
  beforeEach(async () => {
    statements = [];
    tandem = await startTandem({}, (options) =>
      openDatabase({ ...options, onStatement: (statement) => statements.push(statement) }),
    );
  });
  afterEach(() => tandem.close());

  const asked = (readerId: string, take = 20): PostsAsked => ({
    readerId,
    filter: {},
    window: { take, fromEnd: false },
    columns: new Set(['title']),
  });

  it('contain published posts and only the viewer’s own drafts', async () => {
    const authors = await Promise.all(Array.from({ length: 5 }, () => authorOn(tandem)));
    for (const [index, author] of authors.entries()) {
      await author.post(`published ${index}`);
      await author.post(`draft ${index}`, { publish: false });
    }
    const replies = await Promise.all(authors.map((author) => author.send(TITLES)));
    const published = [4, 3, 2, 1, 0].map((index) => `published ${index}`);
    replies.forEach(({ data }, index) => {
      const titles: string[] = data.posts.nodes.map(({ title }: { title: string }) => title);
      expect(titles.filter((title) => title.startsWith('draft'))).toEqual([`draft ${index}`]);
      expect(titles.filter((title) => title.startsWith('published'))).toEqual(published);
    });
  });

  it('are read with one statement for all viewers', async () => {
    const [one, other] = await Promise.all([authorOn(tandem), authorOn(tandem)]);
    await one.post();
    const list = postListLoader(tandem.database);
    const ids = [one.person.id, other.person.id, one.person.id];
    statements.length = 0;
    const lists = await Promise.all(ids.map((id) => list(asked(id))));
    expect(lists.map((posts) => posts.length)).toEqual([1, 1, 1]);
    expect(statements.filter((statement) => statement.includes('"Post"'))).toHaveLength(1);
  });

  it('do not fail when one of them fails', async () => {
    const author = await authorOn(tandem);
    await author.post();
    const list = postListLoader(tandem.database);
    const notANumberOfRows = 1.5;
    const [good, bad] = await Promise.allSettled([
      list(asked(author.person.id)),
      list(asked(author.person.id, notANumberOfRows)),
    ]);
    expect(good).toMatchObject({ status: 'fulfilled', value: [{ title: 'A title' }] });
    expect(bad?.status).toBe('rejected');
  });

  it('are read again for each request', async () => {
    const author = await authorOn(tandem);
    const list = postListLoader(tandem.database);
    expect(await list(asked(author.person.id))).toEqual([]);
    await author.post();
    expect(await list(asked(author.person.id))).toHaveLength(1);
  });
});
