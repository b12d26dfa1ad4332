import { onServer, TEST_PROVIDER } from '../support/databases.js';
import { startTandem, type Tandem } from '../support/harness.js';
import { authorOn, change, type Author } from '../support/posting.js';
import { sql } from '../support/sql.js';

const LIST = `query ($filter: PostFilter) { posts(first: 100, filter: $filter) { totalCount nodes { title } } }`;

describe('searching posts', () => {
  let tandem: Tandem;
  let ada: Author;
  beforeAll(async () => {
    tandem = await startTandem();
    ada = await authorOn(tandem);
  });
  afterAll(() => tandem.close());

  /** The titles that contain the text, or whose posts do. */
  async function found(search: string): Promise<string[]> {
    const { nodes, totalCount } = (await ada.send(LIST, { filter: { search } })).data.posts;
    expect(totalCount).toBe(nodes.length);
    return nodes.map(({ title }: { title: string }) => title);
  }

  it.each([
    ['Cyrillic in lower case', 'Привет, мир', 'привет, МИР'],
    ['a Greek word that ends in sigma', 'ὈΔΥΣΣΕΎΣ', 'οδυσσευς'],
    ['a Greek word that ends in sigma, in upper case', 'Οδυσσεύς', 'ΟΔΥΣΣΕΥΣ'],
    ['ß as ss', 'Straße nach Süden', 'STRASSE'],
    ['ss as ß', 'Wasserstrasse', 'wasserstraße'],
    ['the capital ẞ', 'GROẞER PLATZ', 'großer'],
    ['the long ſ', 'Waſſer', 'wasser'],
    ['a decomposed letter as a composed one', 'cafe\u0301', 'CAFÉ'],
    ['a composed letter as a decomposed one', 'Crème brûlée', 'cre\u0300me bru\u0302le\u0301e'],
    ['a letter with an accent without it', 'Ünïcödé', 'unicode'],
    ['the Turkish İ as i', 'İstanbul', 'istanbul'],
    ['the Turkish ı as i', 'Diyarbakır', 'DIYARBAKIR'],
    ['Hangul that is decomposed', '한국어 글', '한국어'.normalize('NFD')],
    ['a ligature', 'ﬁnancial', 'financial'],
    ['full-width letters', 'ＡＢＣ１２３', 'abc123'],
    ['an emoji', 'launch \u{1f9d1}\u200d\u{1f680} today', '\u{1f9d1}\u200d\u{1f680}'],
  ])('finds %s', async (_what, title, search) => {
    const id = await ada.post(title);
    expect(await found(search)).toEqual([title]);
    await ada.send(...change('updatePost', { id, title: 'Other', body: `before ${title} after` }));
    expect(await found(search)).toEqual(['Other']);
    await ada.send(...change('deletePost', { id }));
    expect(await found(search)).toEqual([]);
  });

  it('finds the beginning of a text whose decomposition is so long that the server cuts it', async () => {
    const note = '\u{1d164}'; // decomposes to three characters
    const id = await ada.post('Notes');
    await ada.send(...change('updatePost', { id, body: `a${note.repeat(100)}` }));
    expect(await found(`a${note.repeat(45)}`)).toEqual(['Notes']);
    await ada.send(...change('deletePost', { id }));
  });

  it('does not find another emoji of the same family', async () => {
    const id = await ada.post('family \u{1f468}\u200d\u{1f467}');
    expect(await found('\u{1f469}')).toEqual([]);
    await ada.send(...change('deletePost', { id }));
  });

  it('returns every visible post if nothing but marks is searched', async () => {
    const id = await ada.post('Any');
    expect(await found('\u0301')).toEqual(['Any']);
    await ada.send(...change('deletePost', { id }));
  });

  it('keeps at most 30 marks in a row, because normalizing more of them is slow', async () => {
    const body = `before ${'\u05b0\u05b1'.repeat(20_000)} after`;
    const id = await ada.post('Marks', { body });
    expect(await found('AFTER')).toEqual(['Marks']);
    const { foldedBody } = await tandem.database.post.findUniqueOrThrow({ where: { id } });
    expect(foldedBody).toHaveLength('before '.length + 30 + ' after'.length);
    await ada.send(...change('deletePost', { id }));
  });
});

describe('posts that an earlier version has written', () => {
  let tandem: Tandem;
  let ada: Author;
  beforeEach(async () => {
    tandem = await startTandem();
    ada = await authorOn(tandem);
  });
  afterEach(() => tandem.close());

  const found = async (search: string) =>
    (await ada.send(LIST, { filter: { search } })).data.posts.nodes.map(({ title }: { title: string }) => title);
  const run = async (statement: string) => {
    const { url } = tandem.config.database;
    return TEST_PROVIDER === 'sqlite' ? sql(url, statement) : onServer(url, statement);
  };
  const unfolded = () => tandem.database.post.count({ where: { OR: [{ foldedTitle: null }, { foldedBody: null }] } });

  /** Writes posts without the columns that this version has added. */
  async function writeOld(count: number): Promise<void> {
    const at = new Date(tandem.clock.nowMs());
    const data = Array.from({ length: count }, (_, n) => ({
      id: `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`,
      authorId: ada.person.id,
      title: `Привет ${n}`,
      body: n === 0 ? 'Straße' : '',
      status: 'PUBLISHED' as const,
      createdAt: at,
      updatedAt: at,
    }));
    await tandem.database.post.createMany({ data });
  }

  it('are found at once', async () => {
    await writeOld(3);
    await tandem.app.drain();
    expect(await unfolded()).toBe(3);
    expect(await found('привет')).toEqual(['Привет 2', 'Привет 1', 'Привет 0']);
    expect(await found('STRASSE')).toEqual(['Привет 0']);
  });

  it('are found by their new text after an earlier version has changed them', async () => {
    const id = await ada.post('Before', { body: 'Before' });
    await run(`UPDATE "Post" SET "title" = 'Später', "body" = 'Größe' WHERE "id" = '${id}'`);
    expect(await found('before')).toEqual([]);
    expect(await found('SPATER')).toEqual(['Später']);
    expect(await found('GRÖSSE')).toEqual(['Später']);
  });

  it('are folded by the next server that starts, and by no other', async () => {
    await writeOld(1100);
    const instances = await Promise.all([tandem.startInstance(), tandem.startInstance()]);
    await Promise.all(instances.map(({ app }) => app.drain()));
    expect(await unfolded()).toBe(0);
    const counts = instances.flatMap((instance) =>
      [...instance.log().matchAll(/"event":"posts.folded","count":(\d+)/g)].map(([, count]) => Number(count)),
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1100);
    expect(await found('STRASSE')).toEqual(['Привет 0']);
  });
});
