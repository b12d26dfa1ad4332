import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { openDatabase, type Database } from '../../../src/database/client.js';
import { connectionsTo } from '../../../src/database/client.js';
import { DEFAULT_LIMITS } from '../../../src/database/limits.js';
import { migrate } from '../../../src/database/migrations/migrations.js';
import { isOutage } from '../../../src/database/outage.js';
import { makeScratch, type Scratch } from '../../support/scratch.js';
import { sql } from '../../support/sql.js';

const now = new Date('2026-11-22T00:00:00Z');
const account = {
  id: 'a',
  email: 'a@example.com',
  passwordHash: 'h',
  displayName: 'A',
  createdAt: now,
  updatedAt: now,
};

describe('an outage of SQLite', () => {
  let scratch: Scratch;
  let database: Database;
  beforeEach(async () => {
    scratch = makeScratch();
    await migrate({ url: scratch.url });
    database = openDatabase({ url: scratch.url, limits: { ...DEFAULT_LIMITS, statementTimeoutMs: 100 } });
  });
  afterEach(async () => {
    await database.$disconnect();
    scratch.remove();
  });

  const reading = [() => database.account.findMany(), () => database.$queryRaw`SELECT * FROM "Account"`];
  const writing = [
    () => database.account.create({ data: { ...account, id: randomUUID(), email: randomUUID() } }),
    () => database.$executeRaw`UPDATE "Account" SET "email" = "email" || zeroblob(1000000)`,
    () =>
      database.$transaction((inside) => inside.account.updateMany({ data: { displayName: 'x'.repeat(1_000_000) } })),
  ];

  async function expectOutage(statements: (() => Promise<unknown>)[]): Promise<void> {
    for (const statement of statements) {
      const outcome = await statement().catch((error: unknown) => ({ error, isOutage: isOutage(error) }));
      expect(outcome).toEqual({ error: expect.any(Error), isOutage: true });
    }
  }

  it('is a lock that another connection holds beyond the timeout', async () => {
    await database.$queryRaw`PRAGMA busy_timeout = 20`;
    const other = await connectionsTo(scratch.url).connect();
    await other.executeScript('BEGIN EXCLUSIVE');
    await expectOutage(writing);
    await other.dispose();
    await database.account.create({ data: account });
  });

  it('is a full disk', async () => {
    await database.account.create({ data: account });
    const [row] = await database.$queryRaw<{ page_count: bigint }[]>`PRAGMA page_count`;
    await database.$queryRawUnsafe(`PRAGMA max_page_count = ${row?.page_count}`);
    await expectOutage(writing.slice(1));
    await database.$queryRaw`PRAGMA max_page_count = 1000000`;
    await database.account.updateMany({ data: { displayName: 'x'.repeat(1_000_000) } });
  });

  it('is a file that cannot be written', async () => {
    await database.$queryRaw`PRAGMA query_only = ON`;
    await expectOutage(writing);
  });

  it('is a damaged file', async () => {
    await sql(scratch.url, 'PRAGMA wal_checkpoint(TRUNCATE)');
    const file = openSync(scratch.databasePath, 'r+');
    writeSync(file, Buffer.alloc(statSync(scratch.databasePath).size - 4096, 0xa5), 0, undefined, 4096);
    closeSync(file);
    await expectOutage([...reading, ...writing.slice(0, 1)]);
  });

  it('is a file that is no database, or a folder', async () => {
    const other = makeScratch();
    mkdirSync(dirname(other.databasePath));
    writeFileSync(other.databasePath, 'no database'.repeat(1000));
    const noDatabase = openDatabase({ url: other.url });
    const directory = openDatabase({ url: `file:${other.path}` });
    await expectOutage([() => noDatabase.account.findMany(), () => directory.account.findMany()]);
    other.remove();
  });

  it('is a missing table', async () => {
    await sql(scratch.url, 'ALTER TABLE "Account" RENAME TO "Elsewhere"');
    await expectOutage([...reading, ...writing]);
  });

  it('is not an invalid statement', async () => {
    await database.account.create({ data: account });
    const post = { id: 'p', authorId: 'nobody', title: 'T', body: 'B', createdAt: now, updatedAt: now };
    const faulty = [
      () => database.account.create({ data: account }),
      () => database.post.create({ data: post }),
      () => database.$queryRaw`SELECT nonsense(`,
      () => database.account.create({ data: {} as typeof account }),
    ];
    for (const statement of faulty) {
      const error: unknown = await statement().catch((thrown: unknown) => thrown);
      expect([error, isOutage(error)]).toEqual([expect.any(Error), false]);
    }
    expect([new Error('SQLITE_BUSY'), 'SQLITE_BUSY', undefined].map(isOutage)).toEqual([false, false, false]);
  });
});
