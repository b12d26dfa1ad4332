import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { migrate, requireMigrated } from '../../../src/database/migrations/migrations.js';
import { copyMigrations, makeScratch, writeMigration } from '../../support/scratch.js';
import type { Scratch } from '../../support/scratch.js';
import { sql } from '../../support/sql.js';

const ADD_TAG = '20990101000000_add_tag';
const INCOMPATIBLE = '20990101000000_drop_tag_incompatible';
const BROKEN = 'CREATE TABLE "Tag" ("name" TEXT);\nCREATE TABEL "Oops" ("name" TEXT);';
const MENDED = 'CREATE TABLE "Tag" ("name" TEXT);';

describe('migrating SQLite', () => {
  let scratch: Scratch;
  beforeEach(() => (scratch = makeScratch()));
  afterEach(() => scratch.remove());

  const tables = async () => (await sql(scratch.url, `SELECT name FROM sqlite_master WHERE type = 'table'`)).flat();

  it('migrates an empty database to the newest migration', async () => {
    const names = readdirSync('prisma/migrations/sqlite').filter((name) => !name.includes('.'));
    expect(await migrate({ url: scratch.url })).toEqual(names.sort());
    expect(await tables()).toEqual(expect.arrayContaining(['Account', 'Session', 'Post', '_prisma_migrations']));
  });

  it('applies nothing the second time', async () => {
    await migrate({ url: scratch.url });
    expect(await migrate({ url: scratch.url })).toEqual([]);
  });

  it('applies only pending migrations', async () => {
    await migrate({ url: scratch.url });
    const folderPath = copyMigrations(scratch);
    writeMigration(folderPath, ADD_TAG, MENDED);
    expect(await migrate({ url: scratch.url, folderPath })).toEqual([ADD_TAG]);
    expect(await tables()).toContain('Tag');
  });

  it('rolls a failed migration back and applies it after it was corrected', async () => {
    await migrate({ url: scratch.url });
    const folderPath = copyMigrations(scratch);
    writeMigration(folderPath, ADD_TAG, BROKEN);
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(migrate({ url: scratch.url, folderPath })).rejects.toMatchObject({
        code: 'FAILED',
        message: expect.stringContaining(ADD_TAG),
      });
      expect(await tables()).not.toContain('Tag');
    }
    writeMigration(folderPath, ADD_TAG, MENDED);
    expect(await migrate({ url: scratch.url, folderPath })).toEqual([ADD_TAG]);
  });

  it('keeps rows that refer to a rebuilt table', async () => {
    const folderPath = copyMigrations(scratch);
    writeMigration(
      folderPath,
      ADD_TAG,
      'CREATE TABLE "Shelf" ("id" TEXT PRIMARY KEY);\n' +
        'CREATE TABLE "Book" ("id" TEXT, "shelf" TEXT REFERENCES "Shelf" ("id") ON DELETE CASCADE);\n' +
        `INSERT INTO "Shelf" VALUES ('s');\nINSERT INTO "Book" VALUES ('b', 's');`,
    );
    await migrate({ url: scratch.url, folderPath });
    // The SQL that the schema engine writes.
    const rebuild =
      'PRAGMA defer_foreign_keys=ON;\nPRAGMA foreign_keys=OFF;\n' +
      'CREATE TABLE "new_Shelf" ("id" TEXT PRIMARY KEY, "name" TEXT);\n' +
      'INSERT INTO "new_Shelf" ("id") SELECT "id" FROM "Shelf";\n' +
      'DROP TABLE "Shelf";\nALTER TABLE "new_Shelf" RENAME TO "Shelf";\n' +
      'PRAGMA foreign_keys=ON;\nPRAGMA defer_foreign_keys=OFF;\n';
    writeMigration(folderPath, '20990102000000_rebuild', rebuild);
    await migrate({ url: scratch.url, folderPath });
    expect(await sql(scratch.url, 'SELECT * FROM "Book"')).toEqual([['b', 's']]);
  });

  it('rolls back a migration that breaks foreign keys', async () => {
    const folderPath = copyMigrations(scratch);
    writeMigration(
      folderPath,
      ADD_TAG,
      'CREATE TABLE "Book" ("author" TEXT REFERENCES "Account" ("id"));\n' + `INSERT INTO "Book" VALUES ('nobody');`,
    );
    await expect(migrate({ url: scratch.url, folderPath })).rejects.toMatchObject({
      code: 'FAILED',
      message: expect.not.stringContaining('nobody'),
    });
    expect(await tables()).toEqual([]);
  });

  it('rejects a database with a failed `prisma migrate deploy` until it is resolved', async () => {
    await migrate({ url: scratch.url });
    const folderPath = copyMigrations(scratch);
    writeMigration(folderPath, ADD_TAG, MENDED);
    await sql(
      scratch.url,
      `INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('1', 'x', '${ADD_TAG}')`,
    );
    await expect(migrate({ url: scratch.url, folderPath })).rejects.toMatchObject({
      code: 'FAILED_EARLIER',
      message: expect.stringContaining(ADD_TAG),
    });

    // The statement of `prisma migrate resolve --rolled-back`.
    await sql(scratch.url, `UPDATE _prisma_migrations SET rolled_back_at = current_timestamp WHERE id = '1'`);
    expect(await migrate({ url: scratch.url, folderPath })).toEqual([ADD_TAG]);
  });

  it('accepts a database that a later version has migrated, and reports its migrations', async () => {
    const folderPath = copyMigrations(scratch);
    writeMigration(folderPath, ADD_TAG, MENDED);
    await migrate({ url: scratch.url, folderPath });
    const later: (readonly string[])[] = [];
    expect(await migrate({ url: scratch.url, onLaterMigrations: (names) => later.push(names) })).toEqual([]);
    expect(later).toEqual([[ADD_TAG]]);
  });

  it('rejects a database that a later version has migrated incompatibly', async () => {
    const folderPath = copyMigrations(scratch);
    writeMigration(folderPath, INCOMPATIBLE, MENDED);
    await migrate({ url: scratch.url, folderPath });
    await expect(migrate({ url: scratch.url })).rejects.toMatchObject({
      code: 'UNKNOWN_MIGRATIONS',
      message: expect.stringContaining(INCOMPATIBLE),
    });
  });

  it('rejects a database of another version that lacks migrations of this one', async () => {
    const folderPath = copyMigrations(scratch);
    writeMigration(folderPath, ADD_TAG, MENDED);
    await migrate({ url: scratch.url, folderPath });
    rmSync(join(folderPath, ADD_TAG), { recursive: true });
    writeMigration(folderPath, '20990102000000_other', 'CREATE TABLE "Other" ("name" TEXT);');
    await expect(migrate({ url: scratch.url, folderPath })).rejects.toMatchObject({ code: 'UNKNOWN_MIGRATIONS' });
    expect(await tables()).not.toContain('Other');
  });

  it('only reports pending migrations if it must not apply them', async () => {
    await migrate({ url: scratch.url });
    await requireMigrated({ url: scratch.url });
    const folderPath = copyMigrations(scratch);
    writeMigration(folderPath, ADD_TAG, MENDED);
    await expect(requireMigrated({ url: scratch.url, folderPath })).rejects.toMatchObject({
      code: 'PENDING',
      message: expect.stringContaining(ADD_TAG),
    });
    expect(await tables()).not.toContain('Tag');
  });

  it('does not repeat an unusable URL in its error', async () => {
    await expect(migrate({ url: 'postgresql://tandem:hunter2@localhost/tandem' })).rejects.toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });
});
