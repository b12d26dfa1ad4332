import { startTandem, type Tandem } from '../support/harness.js';
import { authorOn, type Author } from '../support/posting.js';

const LIST = `query ($filter: PostFilter) { posts(first: 100, filter: $filter) { totalCount nodes { title } } }`;

describe('filtering posts', () => {
  let tandem: Tandem;
  let ada: Author;
  let bob: Author;
  beforeAll(async () => {
    tandem = await startTandem();
    [ada, bob] = await Promise.all([authorOn(tandem), authorOn(tandem)]);
    await ada.post('ada published', { body: 'Das Übliche: 100% of a_b' });
    await ada.post('ada draft', { publish: false, body: 'back\\slash' });
    await bob.post('bob published', { body: "it's 1000 aXb" });
    await bob.post('bob draft', { publish: false });
  });
  afterAll(() => tandem.close());

  /** The titles that Ada finds, newest first. */
  async function found(filter: object | null): Promise<string[]> {
    const { nodes, totalCount } = (await ada.send(LIST, { filter })).data.posts;
    expect(totalCount).toBe(nodes.length);
    return nodes.map(({ title }: { title: string }) => title);
  }

  it('returns every visible post without a filter', async () => {
    const all = ['bob published', 'ada draft', 'ada published'];
    for (const filter of [null, {}, { authorId: null, status: null, search: null }, { search: ' ' }]) {
      expect(await found(filter)).toEqual(all);
    }
  });

  it('finds the posts of one author', async () => {
    expect(await found({ authorId: ada.person.id })).toEqual(['ada draft', 'ada published']);
    expect(await found({ authorId: bob.person.id })).toEqual(['bob published']);
    for (const authorId of ['', 'nobody', `${bob.person.id}%`]) expect(await found({ authorId })).toEqual([]);
  });

  it('finds the posts in one status, and only the viewer’s own drafts', async () => {
    expect(await found({ status: 'PUBLISHED' })).toEqual(['bob published', 'ada published']);
    expect(await found({ status: 'DRAFT' })).toEqual(['ada draft']);
    expect(await found({ status: 'DRAFT', authorId: bob.person.id })).toEqual([]);
    expect(await found({ status: 'PUBLISHED', authorId: ada.person.id })).toEqual(['ada published']);
  });

  it('finds text in title and body regardless of case', async () => {
    expect(await found({ search: 'PUBLISHED' })).toEqual(['bob published', 'ada published']);
    expect(await found({ search: 'Übliche' })).toEqual(['ada published']);
    expect(await found({ search: ' ada ', status: 'DRAFT' })).toEqual(['ada draft']);
    expect(await found({ search: 'bob draft' })).toEqual([]);
  });

  it.each([
    ['%', ['ada published']],
    ['100%', ['ada published']],
    ['_', ['ada published']],
    ['a_b', ['ada published']],
    ['\\', ['ada draft']],
    ['k\\s', ['ada draft']],
    ['\\%', []],
    ["'", ['bob published']],
    ["' OR 1=1 --", []],
    ['*', []],
    ['[a-z]', []],
  ])('searches for %s literally', async (search, titles) => {
    expect(await found({ search })).toEqual(titles);
  });
});
