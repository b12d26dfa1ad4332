import { randomUUID } from 'node:crypto';
import { openDatabase } from '../../../src/database/client.js';
import { migrate } from '../../../src/database/migrations/migrations.js';
import { freshDatabase, onServer, type TestDatabase } from '../../support/databases.js';
import { startTandem, type Tandem } from '../../support/harness.js';
import { authorOn, type Author } from '../../support/posting.js';

const LIST = 'query ($filter: PostFilter) { posts(filter: $filter) { nodes { id } } }';
const MISSING = '"event":"posts.search_index_missing"';
/** The commands of docs/running.md. */
const OPERATOR_COMMANDS = [
  'CREATE EXTENSION pg_trgm',
  `CREATE INDEX CONCURRENTLY "Post_text_idx" ON "Post" USING gin
     (coalesce("foldedTitle" || E'\\n' || "foldedBody", 'not0in0the0index') gin_trgm_ops)`,
];

interface Server {
  tandem: Tandem;
  ada: Author;
  /** Finds the oldest post, and says whether the index found it. */
  search(text: string): Promise<{ ids: string[]; byIndex: boolean }>;
}

/** A server on this database with one post, older than those that a search reads before it asks the index. */
async function serverOn(url: string, title: string): Promise<Server & { id: string }> {
  const statements: string[] = [];
  const tandem = await startTandem({ DATABASE_URL: url }, (options) =>
    openDatabase({ ...options, onStatement: (statement) => statements.push(statement) }),
  );
  const ada = await authorOn(tandem);
  const id = await ada.post(title);
  await onServer(
    url,
    `INSERT INTO "Post" ("id", "authorId", "title", "body", "foldedTitle", "foldedBody", "status", "createdAt", "updatedAt")
     SELECT 'ffffffff-0000-7000-8000-' || lpad(n::text, 12, '0'), '${ada.person.id}', '~', '~', '~', '~', 'PUBLISHED', now(), now()
     FROM generate_series(1, 251) AS n`,
  );
  return {
    tandem,
    ada,
    id,
    async search(text) {
      statements.length = 0;
      const { nodes } = (await ada.send(LIST, { filter: { search: text } })).data.posts;
      // Without the index, the second statement reads the posts that the first has left.
      const byIndex = statements.some((each) => /strpos/.test(each) && /= ANY/.test(each));
      return { ids: nodes.map(({ id: each }: { id: string }) => each), byIndex };
    },
  };
}

describe('the search index on PostgreSQL', () => {
  let database: TestDatabase;
  let url: string;
  let server: Awaited<ReturnType<typeof serverOn>> | undefined;
  beforeEach(async () => {
    database = await freshDatabase();
    ({ url } = database);
  });
  afterEach(async () => {
    await server?.tandem.close();
    server = undefined;
    await database.drop();
  });

  it('is optional: a role that must not create the extension migrates, and posts are found', async () => {
    const role = `tandem_owner_${randomUUID().slice(0, 8)}`;
    await onServer(url, `CREATE ROLE ${role} LOGIN`, `GRANT ALL ON SCHEMA public TO ${role}`);
    const ownUrl = url.replace('//postgres@', `//${role}@`);
    try {
      await migrate({ url: ownUrl });
      server = await serverOn(ownUrl, 'needle');
      await server.tandem.app.drain();
      expect(server.tandem.log()).toContain(MISSING);
      expect(await server.search('needle')).toEqual({ ids: [server.id], byIndex: false });

      await onServer(url, ...OPERATOR_COMMANDS);
      expect(await server.search('needle')).toEqual({ ids: [server.id], byIndex: true });
      const next = await server.tandem.startInstance();
      await next.app.drain();
      expect(next.log()).not.toContain(MISSING);
      await next.close();
    } finally {
      await server?.tandem.close();
      server = undefined;
      await onServer(url, `DROP OWNED BY ${role}`, `DROP ROLE ${role}`);
    }
  });

  it('may be created before the migration, with the extension in another schema', async () => {
    await onServer(url, 'CREATE SCHEMA "Extensions"', 'CREATE EXTENSION pg_trgm SCHEMA "Extensions"');
    await migrate({ url });
    server = await serverOn(url, 'needle');
    expect(await server.search('needle')).toEqual({ ids: [server.id], byIndex: true });
    await server.tandem.app.drain();
    expect(server.tandem.log()).not.toContain(MISSING);
  });

  it('is not used for letters that the locale does not know', async () => {
    const name = `tandem_test_${randomUUID().replaceAll('-', '')}`;
    await onServer(url, `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`);
    const inC = new URL(url);
    inC.pathname = name;
    try {
      await migrate({ url: inC.href });
      server = await serverOn(inC.href, 'Привет needle');
      expect(await server.search('привет')).toEqual({ ids: [server.id], byIndex: false });
      expect(await server.search('привет nee')).toEqual({ ids: [server.id], byIndex: false });
      expect(await server.search('needle')).toEqual({ ids: [server.id], byIndex: true });
    } finally {
      await server?.tandem.close();
      server = undefined;
      await onServer(url, `DROP DATABASE ${name} WITH (FORCE)`);
    }
  });

  it('is not used if it takes too long', async () => {
    await migrate({ url });
    server = await serverOn(url, 'needle');
    await onServer(
      url,
      'ALTER FUNCTION show_trgm(text) RENAME TO fast_trgm',
      `CREATE FUNCTION show_trgm(text) RETURNS text[] LANGUAGE sql AS $$ SELECT ARRAY[pg_sleep(60)::text] $$`,
    );
    expect(await server.search('needle')).toEqual({ ids: [server.id], byIndex: false });
  });
});
