import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrationPath, readMigrationFolder, SCHEMA_PATH } from '../../src/database/migration-folder.js';
import { migrate } from '../../src/database/migrations.js';
import { writeNextMigration } from '../../src/database/next-migration.js';
import { schemaChanges } from '../../src/database/schema-engine.js';
import { copyMigrations, makeScratch } from '../support/scratch.js';
import type { Scratch } from '../support/scratch.js';

const NOW = new Date('2099-01-02T03:04:05.678Z');

it('keeps the migrations equal to the schema', async () => {
  const changes = await schemaChanges(readMigrationFolder(migrationPath('sqlite')), SCHEMA_PATH);
  if (changes !== undefined) {
    throw new Error(
      `prisma/schema.prisma is ahead of its migrations. Run: npm run db:migration -- <name>\n\n${changes}`,
    );
  }
});

describe('writing the next migration', () => {
  let scratch: Scratch;
  beforeEach(() => (scratch = makeScratch()));
  afterEach(() => scratch.remove());

  it('writes what the schema has more, so that nothing is left to do', async () => {
    const folderPath = copyMigrations(scratch);
    const schemaPath = join(scratch.path, 'schema.prisma');
    const schema = readFileSync(SCHEMA_PATH, 'utf8');
    writeFileSync(schemaPath, `${schema}\nmodel Tag {\n  name String @id\n}\n`);

    const directory = await writeNextMigration({ folderPath, schemaPath, name: 'add_tag', now: NOW });
    expect(directory).toBe(join(folderPath, '20990102030405_add_tag'));
    expect(await writeNextMigration({ folderPath, schemaPath, name: 'again', now: NOW })).toBeUndefined();
    expect(await migrate({ url: scratch.url, folderPath })).toContain('20990102030405_add_tag');
  });

  it.each(['Add tag', '../escape', '', 'add__tag', '1st'])('refuses the name %j', async (name) => {
    const folderPath = copyMigrations(scratch);
    await expect(writeNextMigration({ folderPath, schemaPath: SCHEMA_PATH, name, now: NOW })).rejects.toThrow();
  });

  it('refuses to be dated before the last one', async () => {
    const folderPath = copyMigrations(scratch);
    const schemaPath = join(scratch.path, 'schema.prisma');
    writeFileSync(schemaPath, `${readFileSync(SCHEMA_PATH, 'utf8')}\nmodel Tag {\n  name String @id\n}\n`);
    const now = new Date('2001-01-01T00:00:00Z');
    await expect(writeNextMigration({ folderPath, schemaPath, name: 'add_tag', now })).rejects.toThrow();
  });
});
