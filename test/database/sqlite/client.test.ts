import { randomUUID } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openDatabase } from '../../../src/database/client.js';
import type { Database } from '../../../src/database/client.js';
import { migrate } from '../../../src/database/migrations/migrations.js';
import { DEFAULT_LIMITS } from '../../../src/database/limits.js';
import { isOutage } from '../../../src/database/outage.js';
import { makeScratch } from '../../support/scratch.js';
import type { Scratch } from '../../support/scratch.js';

const PASSWORD_HASH = '$argon2id$secret';

function newAccount(id: string = randomUUID()) {
  const now = new Date('2026-11-22T00:00:00Z');
  return {
    id,
    email: `${id}@example.com`,
    passwordHash: PASSWORD_HASH,
    displayName: 'Ada',
    createdAt: now,
    updatedAt: now,
  };
}

describe('the SQLite database', () => {
  let scratch: Scratch;
  let database: Database;
  beforeEach(async () => {
    scratch = makeScratch();
    await migrate({ url: scratch.url });
    database = openDatabase({ url: scratch.url });
  });
  afterEach(async () => {
    await database.$disconnect();
    scratch.remove();
  });

  const accountIds = async () => (await database.account.findMany({ select: { id: true } })).map(({ id }) => id).sort();

  describe('a statement that runs again', () => {
    const lengthOf = (text: string) => database.$queryRaw`SELECT length(${text}) AS "length"`;

    it('uses its new arguments', async () => {
      expect(await lengthOf('four')).toEqual([{ length: 4n }]);
      expect(await lengthOf('eleven')).toEqual([{ length: 6n }]);
      expect(await Promise.all(['a', 'bc', 'def'].map(lengthOf))).toEqual([
        [{ length: 1n }],
        [{ length: 2n }],
        [{ length: 3n }],
      ]);
    });

    it('succeeds after it failed', async () => {
      const first = await database.account.create({ data: newAccount() });
      await expect(database.account.create({ data: newAccount(first.id) })).rejects.toThrow('Unique constraint');
      const second = await database.account.create({ data: newAccount() });
      expect(await accountIds()).toEqual([first.id, second.id].sort());
    });

    it('reads the tables as another process has changed them', async () => {
      const names = () => database.$queryRaw`SELECT "id", "displayName" FROM "Account"`;
      const { id } = await database.account.create({ data: newAccount() });
      expect(await names()).toEqual([{ id, displayName: 'Ada' }]);
      const other = openDatabase({ url: scratch.url });
      await other.$executeRaw`ALTER TABLE "Account" ADD COLUMN "nickname" TEXT`;
      await other.$executeRaw`UPDATE "Account" SET "displayName" = 'Grace'`;
      await other.$disconnect();
      expect(await names()).toEqual([{ id, displayName: 'Grace' }]);
    });
  });

  it.each([
    ['journal_mode', 'wal'],
    ['synchronous', 2n],
    ['busy_timeout', 0n],
    ['foreign_keys', 1n],
  ])('sets %s on the connection that Prisma uses', async (pragma, value) => {
    const rows = await database.$queryRawUnsafe<Record<string, unknown>[]>(`PRAGMA ${pragma}`);
    expect(rows.map((row) => Object.values(row))).toEqual([[value]]);
  });

  it('is readable by its owner only', async () => {
    await database.account.create({ data: newAccount() });
    const mode = (path: string) => statSync(path).mode & 0o777;
    expect(mode(dirname(scratch.databasePath))).toBe(0o700);
    for (const suffix of ['', '-wal', '-shm']) expect(mode(scratch.databasePath + suffix)).toBe(0o600);
  });

  it('creates a database that belongs to the owner of its directory, also if root creates it', async () => {
    const directory = join(scratch.path, 'var');
    mkdirSync(directory);
    if (process.getuid?.() === 0) chownSync(directory, 4242, 4243);
    const { uid, gid } = statSync(directory);
    const path = join(directory, 'tandem', 'data', 'tandem.db');
    await migrate({ url: `file:${path}` });
    for (const created of [dirname(dirname(path)), dirname(path), path])
      expect(statSync(created)).toMatchObject({ uid, gid });
  });

  it('resets the mode of a file that others can read', async () => {
    chmodSync(scratch.databasePath, 0o644);
    await database.account.count();
    expect(statSync(scratch.databasePath).mode & 0o777).toBe(0o600);
  });

  it('enforces foreign keys', async () => {
    const session = {
      id: randomUUID(),
      accountId: 'nobody',
      generation: 1,
      salt: new Uint8Array(16),
      refreshKeyId: 'k',
      rotatedAt: new Date(),
      idleExpiresAt: new Date(),
      expiresAt: new Date(),
      createdAt: new Date(),
    };
    await expect(database.session.create({ data: session })).rejects.toMatchObject({ code: 'P2003' });
  });

  it.each(['file:', 'file::memory:', 'file:a.db?mode=ro', 'mysql://u:hunter2@h/d'])('rejects the URL %s', (url) => {
    expect(() => openDatabase({ url })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });

  describe('errors', () => {
    it('contain no values of a failed statement', async () => {
      const account = await database.account.create({ data: newAccount() });
      const error: unknown = await database.account.create({ data: account }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'P2002' });
      expect(JSON.stringify(error) + String(error)).not.toContain(account.email);
    });
  });

  describe('a transaction', () => {
    it('does not roll back the writes of others', async () => {
      const started = signal();
      const transaction = database.$transaction(async (inside) => {
        await inside.account.create({ data: newAccount('inside') });
        started.give();
        // Long enough for the other write to run, if it did not wait.
        for (let read = 0; read < 20; read++) await inside.account.count();
        throw new Error('rolled back');
      });
      const outside = started.given.then(() => database.account.create({ data: newAccount('outside') }));
      await expect(transaction).rejects.toThrow('rolled back');
      await outside;
      expect(await accountIds()).toEqual(['outside']);
    });

    it('ends when its commit fails', async () => {
      const failed = database.$transaction(async (inside) => {
        await inside.account.create({ data: newAccount('inside') });
        await inside.$executeRaw`PRAGMA defer_foreign_keys = ON`;
        await inside.post.create({ data: newPost('nobody') });
      });
      await expect(failed).rejects.toThrow();
      await database.$transaction([database.account.create({ data: newAccount('next') })]);
      expect(await accountIds()).toEqual(['next']);
    });

    it('and other statements run in the order of their arrival', async () => {
      const order: string[] = [];
      const transactionOf = (name: string) =>
        database.$transaction(async (inside) => {
          await inside.account.create({ data: newAccount(name) });
          order.push(name);
        });
      const statementOf = (name: string) => database.account.count().then((count) => order.push(`${name}: ${count}`));
      const started = signal();
      const end = signal();
      const first = database.$transaction(async (inside) => {
        await inside.account.create({ data: newAccount('a') });
        started.give();
        await end.given;
      });
      await started.given;
      const others = [];
      for (const [of, name] of [
        [statementOf, 'b'],
        [transactionOf, 'c'],
        [statementOf, 'd'],
        [transactionOf, 'e'],
        [statementOf, 'f'],
      ] as const) {
        others.push(of(name));
        await new Promise(setImmediate); // Prisma has passed it on
      }
      end.give();
      await Promise.all([first, ...others]);
      expect(order).toEqual(['b: 1', 'c', 'd: 2', 'e', 'f: 3']);
    });

    it('lets 2,000 statements wait, and rejects others at once as an outage', async () => {
      const patient = openDatabase({ url: scratch.url, limits: { ...DEFAULT_LIMITS, statementTimeoutMs: 60_000 } });
      const started = signal();
      const end = signal();
      const transaction = patient.$transaction(async (inside) => {
        await inside.account.count();
        started.give();
        await end.given;
      });
      await started.given;
      const statements = Array.from({ length: 2001 }, async () => void (await patient.$queryRaw`SELECT 1`));
      const rejected: unknown = await Promise.race(statements).catch((error: unknown) => error);
      expect(isOutage(rejected)).toBe(true);
      end.give();
      await transaction;
      const results = await Promise.allSettled(statements);
      expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
      await patient.$disconnect();
    });

    it('lets no statement wait longer than DATABASE_STATEMENT_TIMEOUT_MS', async () => {
      const impatient = openDatabase({ url: scratch.url, limits: { ...DEFAULT_LIMITS, statementTimeoutMs: 100 } });
      const started = signal();
      const end = signal();
      const transaction = impatient.$transaction(
        async (inside) => {
          await inside.account.count();
          started.give();
          await end.given;
        },
        { timeout: 60_000 },
      );
      await started.given;
      const rejected: unknown = await impatient.account.count().catch((error: unknown) => error);
      expect(isOutage(rejected)).toBe(true);
      end.give();
      await transaction;
      expect(await impatient.account.count()).toBe(0);
      await impatient.$disconnect();
    });

    it('waits for concurrent transactions and commits', async () => {
      await Promise.all(
        Array.from({ length: 20 }, () =>
          database.$transaction(async (inside) => {
            const account = await inside.account.create({ data: newAccount() });
            await inside.account.update({ where: { id: account.id }, data: { displayName: 'Grace' } });
          }),
        ),
      );
      expect(await database.account.count({ where: { displayName: 'Grace' } })).toBe(20);
    });
  });
});

function newPost(authorId: string) {
  const now = new Date('2026-11-22T00:00:00Z');
  return { id: randomUUID(), authorId, title: 'T', body: 'B', createdAt: now, updatedAt: now };
}

function signal(): { given: Promise<void>; give: () => void } {
  let give: () => void = () => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give: () => give() };
}
