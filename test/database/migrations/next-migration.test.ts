import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectionsTo } from '../../../src/database/client.js';
import { migrationPath } from '../../../src/database/migrations/migration-folder.js';
import { migrate } from '../../../src/database/migrations/migrations.js';
import { writeNextMigration } from '../../../tools/migrations/next-migration.js';
import { deployMigrations, schemaChanges } from '../../../tools/migrations/schema-engine.js';
import { SCHEMA_PATHS } from '../../../tools/migrations/schema-paths.js';
import { TEST_PROVIDER, freshDatabase, scratchOf } from '../../support/databases.js';
import { copyMigrations, makeScratch, writeMigration } from '../../support/scratch.js';
import type { Scratch } from '../../support/scratch.js';

const NOW = new Date('2099-01-02T03:04:05.678Z');
const TAG = 'model Tag {\n  name String @id\n}';
const SCHEMA_PATH = SCHEMA_PATHS[TEST_PROVIDER];

it(`keeps the migrations for ${TEST_PROVIDER} equal to the schema`, async () => {
  const changes = await schemaChanges(scratchOf(TEST_PROVIDER), migrationPath(TEST_PROVIDER), SCHEMA_PATH);
  if (changes !== undefined) {
    throw new Error(
      `prisma/schema.prisma is ahead of its migrations. Run: npm run db:migration -- <name>\n\n${changes}`,
    );
  }
});

it('leaves a history that `prisma migrate deploy` continues', async () => {
  const scratch = makeScratch();
  const folderPath = copyMigrations(scratch);
  const { url, drop } = await freshDatabase();
  await migrate({ url, folderPath });
  writeMigration(folderPath, '20990101000000_more', 'CREATE TABLE more (id int);');
  const connection = await connectionsTo(url).connect();
  const connections = { ...scratchOf(TEST_PROVIDER), connect: async () => connection };
  expect(await deployMigrations(connections, folderPath)).toEqual(['20990101000000_more']);
  await connection.dispose();
  expect(await migrate({ url, folderPath })).toEqual([]);
  await drop();
  scratch.remove();
});

describe('writing the next migration', () => {
  let scratch: Scratch;
  beforeEach(() => (scratch = makeScratch()));
  afterEach(() => scratch.remove());

  /** Writes the migration from a copy of the project's migrations to `schema`. */
  async function write(folderPath: string, name: string, added: string, now = NOW): Promise<string[]> {
    const schemaPath = join(scratch.path, 'schema.prisma');
    writeFileSync(schemaPath, `${readFileSync(SCHEMA_PATH, 'utf8')}\n${added}\n`);
    return writeNextMigration({ sources: [{ folderPath, schemaPath, scratch: scratchOf(TEST_PROVIDER) }], name, now });
  }

  it('writes the difference to the schema, and nothing the second time', async () => {
    const folderPath = copyMigrations(scratch);
    expect(await write(folderPath, 'add_tag', TAG)).toEqual([join(folderPath, '20990102030405_add_tag')]);
    expect(await write(folderPath, 'again', TAG)).toEqual([]);

    const database = await freshDatabase();
    expect(await migrate({ url: database.url, folderPath })).toContain('20990102030405_add_tag');
    await database.drop();
  });

  it.each(['Add tag', '../escape', '', 'add__tag', '1st'])('rejects the name %j', async (name) => {
    const folderPath = copyMigrations(scratch);
    const before = readdirSync(folderPath);
    await expect(write(folderPath, name, TAG)).rejects.toThrow('lower-case words joined by underscores');
    expect(readdirSync(folderPath)).toEqual(before);
  });

  it('rejects a date before the last migration', async () => {
    const folderPath = copyMigrations(scratch);
    const before = readdirSync(folderPath);
    const last =
      before
        .filter((name) => /^\d/.test(name))
        .sort()
        .at(-1) ?? '';
    await expect(write(folderPath, 'add_tag', TAG, new Date('2001-01-01'))).rejects.toThrow(last);
    expect(readdirSync(folderPath)).toEqual(before);
  });
});
