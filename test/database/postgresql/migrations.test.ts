import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../../src/database/client.js';
import { migrate } from '../../../src/database/migrations/migrations.js';
import { freshDatabase, onServer, type TestDatabase } from '../../support/databases.js';
import { runProgram, startServerProcess } from '../../support/program.js';
import { copyMigrations, makeScratch, writeMigration, type Scratch } from '../../support/scratch.js';

const MIGRATIONS = readdirSync('prisma/migrations/postgresql')
  .filter((name) => !name.includes('.'))
  .sort();
const TABLES = `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`;

describe('migrating PostgreSQL', () => {
  let scratch: Scratch;
  let database: TestDatabase;
  let url: string;
  beforeEach(async () => {
    scratch = makeScratch();
    database = await freshDatabase();
    ({ url } = database);
  });
  afterEach(async () => {
    scratch.remove();
    await database.drop();
  });

  it('migrates an empty database and applies nothing the second time', async () => {
    expect(await migrate({ url })).toEqual(MIGRATIONS);
    expect(await migrate({ url })).toEqual([]);
    const client = openDatabase({ url });
    expect(await client.session.count()).toBe(0);
    await client.$disconnect();
  });

  it('applies only pending migrations', async () => {
    const folderPath = copyMigrations(scratch);
    await migrate({ url, folderPath });
    writeMigration(folderPath, '20990101000000_more', 'CREATE TABLE more (id int);');
    expect(await migrate({ url, folderPath })).toEqual(['20990101000000_more']);
  });

  it('runs statements that contain semicolons', async () => {
    const folderPath = copyMigrations(scratch);
    const body = `CREATE FUNCTION two() RETURNS text LANGUAGE sql AS $$ SELECT 'a;b'; SELECT 'c;d'; $$; SELECT two();`;
    writeMigration(folderPath, '20990101000000_function', body);
    await migrate({ url, folderPath });
    expect(await onServer(url, 'SELECT two()')).toEqual([{ two: 'c;d' }]);
  });

  it('rolls everything back when a migration fails, and reports its name and the reason', async () => {
    const folderPath = copyMigrations(scratch);
    writeMigration(folderPath, '20990101000000_good', 'CREATE TABLE good (id int);');
    writeMigration(folderPath, '20990102000000_bad', 'CREATE TABLE half (id int); SELECT no_such_column FROM half;');
    await expect(migrate({ url, folderPath })).rejects.toMatchObject({
      code: 'FAILED',
      message: expect.stringMatching(/20990102000000_bad.*no_such_column/s),
    });
    expect(await onServer(url, TABLES)).toEqual([]);
    expect(await migrate({ url })).toEqual(MIGRATIONS);
  });

  it('rejects a database with a failed `prisma migrate deploy`', async () => {
    await migrate({ url });
    await onServer(url, `UPDATE _prisma_migrations SET finished_at = NULL`);
    await expect(migrate({ url })).rejects.toMatchObject({ code: 'FAILED_EARLIER' });
  });

  it('applies each migration once when five migrations run concurrently', async () => {
    const applied = await Promise.all(Array.from({ length: 5 }, () => migrate({ url })));
    expect(applied.flat()).toEqual(MIGRATIONS);
    expect(await onServer(url, 'SELECT count(*)::int AS n FROM _prisma_migrations')).toEqual([
      { n: MIGRATIONS.length },
    ]);
  });

  it('starts a server whose role has no right to change tables, with MIGRATE_ON_START=false', async () => {
    const role = `tandem_server_${randomUUID().slice(0, 8)}`;
    const environment = {
      DATABASE_URL: url.replace('//postgres@', `//${role}@`),
      MIGRATE_ON_START: 'false',
      NODE_ENV: 'development',
      KEY_RING_FILE: join(scratch.path, 'key-ring.json'),
      HOST: '127.0.0.1',
      PORT: '0',
    };
    await onServer(
      url,
      `CREATE ROLE ${role} LOGIN`,
      'REVOKE CREATE ON SCHEMA public FROM PUBLIC',
      `ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${role}`,
    );
    try {
      const early = await runProgram(scratch.path, 'main.js', { environment });
      expect(early).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/_init.*npm run db:migrate/) });
      const migrated = await runProgram(scratch.path, 'cli/migrate.js', { environment: { DATABASE_URL: url } });
      expect(migrated).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('_init') });
      const server = await startServerProcess(scratch.path, environment);
      expect((await fetch(new URL('/readyz', server.url))).status).toBe(200);
      expect(await server.stop()).toBe(0);
    } finally {
      await onServer(url, `DROP OWNED BY ${role}`, `DROP ROLE ${role}`);
    }
  });

  it('waits for another migration, including `prisma migrate deploy`, until its timeout', async () => {
    let release: () => void = () => undefined;
    const holding = new Promise<void>((locked) => {
      const held = new Promise<void>((resolve) => (release = resolve));
      void withPrismaLock(url, async () => {
        locked();
        await held;
      });
    });
    await holding;
    await expect(migrate({ url, lockTimeoutMs: 100 })).rejects.toMatchObject({ code: 'LOCKED' });
    release();
    expect(await migrate({ url })).toEqual(MIGRATIONS);
  });
});

/** Holds the lock that Prisma takes for its migrations. */
async function withPrismaLock(url: string, work: () => Promise<void>): Promise<void> {
  const client = openDatabase({ url });
  await client.$transaction(async (transaction) => {
    await transaction.$queryRaw`SELECT pg_advisory_xact_lock(72707369)::text`;
    await work();
  });
  await client.$disconnect();
}
