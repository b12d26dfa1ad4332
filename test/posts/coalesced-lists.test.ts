import { openDatabase } from '../../src/database/client.js';
import { startTandem, type Tandem } from '../support/harness.js';
import { authorOn, POST } from '../support/posting.js';

const TITLES = '{ posts { nodes { title } } }';
const PAGE = `query ($first: Int, $after: String) { posts(first: $first, after: $after) { nodes { ${POST} } } }`;

describe('lists of posts that are requested at the same time', () => {
  let tandem: Tandem;
  let statements: string[];
  beforeEach(async () => {
    statements = [];
    tandem = await startTandem({}, (options) =>
      openDatabase({ ...options, onStatement: (statement) => statements.push(statement) }),
    );
  });
  afterEach(() => tandem.close());

  it('contain the published posts and the drafts of their own viewer only', async () => {
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

  it('are read by one statement, each with its own window and fields', async () => {
    const author = await authorOn(tandem);
    for (const title of ['one', 'two', 'three']) await author.post(title);
    statements.length = 0;
    const { data } = await author.send(`{
      newest: posts(first: 1) { nodes { title } }
      oldest: posts(last: 2) { nodes { title status } }
      drafts: posts(filter: { status: DRAFT }) { nodes { body } }
    }`);
    expect(data).toEqual({
      newest: { nodes: [{ title: 'three' }] },
      oldest: {
        nodes: [
          { title: 'two', status: 'PUBLISHED' },
          { title: 'one', status: 'PUBLISHED' },
        ],
      },
      drafts: { nodes: [] },
    });
    expect(statements.filter((statement) => statement.includes('"Post"'))).toHaveLength(1);
  });

  it('contain the same values as a post that is read by its id', async () => {
    const author = await authorOn(tandem);
    const id = await author.post('Ünï ✓', { body: 'body' });
    const draft = await author.post('Draft', { publish: false });
    const { nodes } = (await author.send(PAGE)).data.posts;
    const read = (postId: string) => author.send(`query ($id: ID!) { post(id: $id) { ${POST} } }`, { id: postId });
    expect(nodes).toEqual([(await read(draft)).data.post, (await read(id)).data.post]);
  });

  it('contain a post that was created just before', async () => {
    const author = await authorOn(tandem);
    expect((await author.send(TITLES)).data.posts.nodes).toEqual([]);
    await author.post();
    expect((await author.send(TITLES)).data.posts.nodes).toHaveLength(1);
  });
});
