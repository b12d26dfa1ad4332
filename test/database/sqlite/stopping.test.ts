import { migratedDatabase, type TestDatabase } from '../../support/databases.js';
import { startServerProcess, type ServerProcess } from '../../support/program.js';
import { makeScratch, type Scratch } from '../../support/scratch.js';
import { sql } from '../../support/sql.js';

/** So many that indexing them takes seconds, with its pauses. */
const POSTS = 5000;

describe('a server on SQLite', () => {
  let scratch: Scratch;
  let database: TestDatabase;
  let server: ServerProcess | undefined;
  beforeEach(async () => {
    scratch = makeScratch();
    database = await migratedDatabase();
  });
  afterEach(async () => {
    await server?.kill();
    await database.drop();
    scratch.remove();
  });

  it('closes before it exits, although it was indexing posts', async () => {
    await sql(
      database.url,
      `INSERT INTO "Account" ("id", "email", "passwordHash", "displayName", "createdAt", "updatedAt")
       VALUES ('author', 'author@example.com', '', 'Author', 0, 0)`,
    );
    await sql(
      database.url,
      `WITH RECURSIVE "n" AS (SELECT 1 AS "i" UNION ALL SELECT "i" + 1 FROM "n" WHERE "i" < ${POSTS})
       INSERT INTO "Post" ("id", "authorId", "title", "body", "foldedTitle", "foldedBody", "createdAt", "updatedAt")
       SELECT 'post' || "i", 'author', 'Title', hex(randomblob(500)), 'title', hex(randomblob(500)), 0, 0 FROM "n"`,
    );
    server = await startServerProcess(scratch.path, { DATABASE_URL: database.url });
    await expect(server.stop()).resolves.toBe(0);
    expect(server.output()).toContain('"event":"stopped"');
    const [[waiting]] = (await sql(database.url, 'SELECT count(*) FROM "PostTextChange"')) as [[number]];
    expect(Number(waiting)).toBeGreaterThan(0);
  });
});
