import { join, resolve } from 'node:path';
import { connectionsTo } from '../../../src/database/client.js';
import { migrate } from '../../../src/database/migrations/migrations.js';
import { runIn } from '../../support/compiled.js';
import { makeScratch } from '../../support/scratch.js';
import type { Scratch } from '../../support/scratch.js';
import { sql } from '../../support/sql.js';

describe('concurrent migrations of one database', () => {
  let scratch: Scratch;
  beforeEach(() => (scratch = makeScratch()));
  afterEach(() => scratch.remove());

  const migrationsPath = join(process.cwd(), 'prisma/migrations/sqlite');
  const options = () => JSON.stringify({ url: scratch.url, folderPath: migrationsPath });

  it('succeed in three processes that start at once on an empty file', async () => {
    const directory = resolve('dist/database/migrations');
    const code = `
      import { migrate } from './migrations.js';
      console.log((await migrate(${options()})).length);
    `;
    const ended = await Promise.all([1, 2, 3].map(() => runIn(directory, code)));
    expect(ended.map(({ stderr }) => stderr)).toEqual(['', '', '']);
    const applied = await sql(scratch.url, 'SELECT migration_name, finished_at FROM _prisma_migrations');
    expect(ended.map(({ stdout }) => Number(stdout)).sort()).toEqual([0, 0, applied.length]);
  });

  it('leave the database unchanged when the process is killed', async () => {
    const directory = resolve('dist/database/migrations');
    const killed = await runIn(
      directory,
      `
      import { connectionsTo } from '../client.js';
      import { applyMigrations, createHistoryTable } from './apply-migrations.js';
      import { readMigrations } from './migration-folder.js';
      import { withSqliteMigrationLock } from './sqlite-migration-lock.js';
      const { url, folderPath } = ${options()};
      const connection = await connectionsTo(url).connect();
      await withSqliteMigrationLock(connection, 0, async () => {
        await createHistoryTable(connection);
        await applyMigrations(connection, readMigrations(folderPath));
        process.kill(process.pid, 'SIGKILL');
      });
      `,
    );
    expect(killed).toMatchObject({ signal: 'SIGKILL', stderr: '' });
    expect(await sql(scratch.url, 'SELECT * FROM sqlite_master')).toEqual([]);
    expect(await migrate({ url: scratch.url })).not.toEqual([]);
  });

  it('succeed when called concurrently in one process', async () => {
    const applied = await Promise.all([1, 2, 3].map(() => migrate({ url: scratch.url })));
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
  });

  it('fail with LOCKED when another connection keeps the database locked', async () => {
    const other = await connectionsTo(scratch.url).connect();
    await other.executeScript('BEGIN IMMEDIATE');
    await expect(migrate({ url: scratch.url, lockTimeoutMs: 0 })).rejects.toMatchObject({ code: 'LOCKED' });
    await other.executeScript('ROLLBACK');
    await other.dispose();
  });

  it('do not lock a database that is up to date', async () => {
    await migrate({ url: scratch.url });
    const other = await connectionsTo(scratch.url).connect();
    await other.executeScript('BEGIN IMMEDIATE');
    expect(await migrate({ url: scratch.url, lockTimeoutMs: 0 })).toEqual([]);
    await other.executeScript('ROLLBACK');
    await other.dispose();
  });
});
