import { openDatabase } from '../../../src/database/client.js';
import { startTandem, type Tandem } from '../../support/harness.js';
import { authorOn, change, type Author } from '../../support/posting.js';
import { sql } from '../../support/sql.js';
import { storePosts } from '../../support/stored-posts.js';

const SEARCH = `query ($text: String!) {
  posts(first: 1, filter: { search: $text }) { nodes { id } pageInfo { hasNextPage } }
}`;

describe('the text index of SQLite', () => {
  let tandem: Tandem;
  let ada: Author;
  let statements: string[];
  beforeEach(async () => {
    statements = [];
    const onStatement = (statement: string) => statements.push(statement);
    tandem = await startTandem({}, (options) => openDatabase({ ...options, onStatement }));
    ada = await authorOn(tandem);
  });
  afterEach(() => tandem.close());

  const waiting = async () => {
    const rows = await tandem.database.$queryRaw<unknown[]>`SELECT * FROM "PostTextChange"`;
    return rows.length;
  };
  /** How often FTS5 was written to. */
  const indexed = () => statements.filter((statement) => /DELETE FROM "PostTextChange"/.test(statement)).length;
  const search = async (text: string) => (await ada.send(SEARCH, { text })).data.posts;

  it('is updated for 100 posts at once', async () => {
    for (let n = 0; n < 99; n += 1) await ada.post(`Post ${n}`);
    await tandem.app.drain();
    expect([await waiting(), indexed()]).toEqual([99, 0]);
    const id = await ada.post('the hundredth');
    await tandem.app.drain();
    expect([await waiting(), indexed()]).toEqual([0, 1]);

    await ada.send(...change('updatePost', { id, title: 'changed' }));
    await ada.send(...change('publishPost', { id }));
    await tandem.app.drain();
    expect([await waiting(), indexed()]).toEqual([1, 1]);
  });

  it('is updated sooner for long posts', async () => {
    const ids = [];
    for (let n = 0; n < 3; n += 1) ids.push(await ada.post('long', { body: 'x'.repeat(45_000) }));
    await tandem.app.drain();
    expect([await waiting(), indexed()]).toEqual([0, 1]);
  });

  it('is updated by the next process after one that ended before it did so', async () => {
    const id = await ada.post('left behind');
    await (await tandem.startInstance()).app.drain();
    expect(await waiting()).toBe(0);
    await expect(search('left behind')).resolves.toMatchObject({ nodes: [{ id }] });
  });

  it('is updated when a search meets many posts that were written without the server', async () => {
    await storePosts(
      tandem,
      ada.person.id,
      Array.from({ length: 1200 }, () => 'hay'),
    );
    await sql(tandem.config.database.url, `UPDATE "Post" SET "foldedTitle" = 'a title', "foldedBody" = 'hay'`);
    const compared = () => statements.filter((statement) => statement.includes('instr')).length;
    await expect(search('thread')).resolves.toMatchObject({ nodes: [], pageInfo: { hasNextPage: false } });
    expect(compared()).toBe(5); // 1,200 posts, 250 in a statement
    await tandem.app.drain();
    expect(await waiting()).toBe(0);
    await expect(search('thread')).resolves.toMatchObject({ nodes: [], pageInfo: { hasNextPage: false } });
    expect(compared()).toBe(6);
  });

  it('forgets the posts that are deleted', async () => {
    const ids = [];
    for (let n = 0; n < 100; n += 1) ids.push(await ada.post('short-lived'));
    await tandem.app.drain();
    for (const id of ids) await ada.send(...change('deletePost', { id }));
    await tandem.app.drain();
    expect(await waiting()).toBe(0);
    const { url } = tandem.config.database;
    await sql(url, `INSERT INTO "PostText" ("PostText") VALUES ('integrity-check')`);
    const left = `SELECT (SELECT count(*) FROM "PostTextKey") + (SELECT count(*) FROM "PostText" ('hor')) AS "left"`;
    await expect(tandem.database.$queryRawUnsafe(left)).resolves.toEqual([{ left: 0n }]);
  });

  it('is not tried again at each search while the database cannot be written', async () => {
    const { url } = tandem.config.database;
    const bodies = Array.from({ length: 300 }, () => 'hay');
    await storePosts(tandem, ada.person.id, bodies);
    // As on a full disk.
    await sql(url, `CREATE TRIGGER "full" BEFORE DELETE ON "PostTextChange" BEGIN SELECT raise(ABORT, 'full'); END`);
    for (let time = 0; time < 3; time += 1) {
      await expect(search('needle')).resolves.toMatchObject({ nodes: [], pageInfo: { hasNextPage: false } });
      await tandem.app.drain();
    }
    expect(tandem.log().match(/indexing posts failed/g)).toHaveLength(1);
  });

  it('accepts a program that inserts or updates a post which is not indexed yet', async () => {
    const id = await ada.post('before');
    const { url } = tandem.config.database;
    const row = `INSERT INTO "Post" SELECT * FROM "Post" WHERE "id" = '${id}'`;
    await sql(url, `${row} ON CONFLICT ("id") DO UPDATE SET "title" = 'imported', "foldedTitle" = 'imported'`);
    await expect(search('imported')).resolves.toMatchObject({ nodes: [{ id }] });
    await sql(url, `UPDATE OR ABORT "Post" SET "title" = 'again', "foldedTitle" = 'again'`);
    await expect(search('again')).resolves.toMatchObject({ nodes: [{ id }] });
  });

  it('is updated while posts are written, so that no search misses one', async () => {
    const texts = Array.from({ length: 250 }, (_, n) => `text ${String(n * 7919).padStart(7, '0')}`);
    const write = async (text: string) => {
      const id = await ada.post(text, { publish: true });
      await expect(search(text)).resolves.toMatchObject({ nodes: [{ id }] });
    };
    for (let from = 0; from < texts.length; from += 10) await Promise.all(texts.slice(from, from + 10).map(write));
    await tandem.app.drain();
    for (const text of texts.slice(0, 30)) await expect(search(text)).resolves.toMatchObject({ nodes: [{}] });
    expect(indexed()).toBeGreaterThan(1);
  });
});
