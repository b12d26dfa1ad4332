import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../src/database/client.js';
import { migrate } from '../../src/database/migrations/migrations.js';
import { migrateDatabase } from '../../src/migrated-database.js';
import { freshDatabase, type TestDatabase } from '../support/databases.js';
import { copyMigrations, makeScratch, type Scratch } from '../support/scratch.js';

/** From this migration on, addresses are stored in the form of this version. */
const MIGRATION = '20261126095900_accounts';

let scratch: Scratch;
let target: TestDatabase;
beforeEach(async () => {
  target = await freshDatabase();
  scratch = makeScratch();
  const folderPath = copyMigrations(scratch);
  for (const name of readdirSync(folderPath).filter((name) => name >= MIGRATION && !name.endsWith('.toml'))) {
    rmSync(join(folderPath, name), { recursive: true });
  }
  await migrate({ url: target.url, folderPath });
});
afterEach(async () => {
  await target.drop();
  scratch.remove();
});

/** Stores accounts as the previous version did. */
async function store(...emails: string[]): Promise<void> {
  const database = openDatabase({ url: target.url });
  for (const email of emails) {
    await database.$executeRaw`
      INSERT INTO "Account" ("id", "email", "passwordHash", "displayName", "createdAt", "updatedAt")
      VALUES (${email}, ${email}, '', '', ${new Date(0)}, ${new Date(0)})`;
  }
  await database.$disconnect();
}

async function storedAddresses(): Promise<string[]> {
  const database = openDatabase({ url: target.url });
  const rows = await database.$queryRaw<{ email: string }[]>`SELECT "email" FROM "Account" ORDER BY "id"`;
  await database.$disconnect();
  return rows.map(({ email }) => email);
}

describe('the migration of e-mail addresses', () => {
  it('stores domains in ASCII, and leaves other addresses as they are', async () => {
    await store('ada@example.com', 'ünal@bücher.example', 'ünal@example.com');
    expect(await migrateDatabase({ url: target.url })).toContain(MIGRATION);
    expect(await storedAddresses()).toEqual(['ada@example.com', 'ünal@xn--bcher-kva.example', 'ünal@example.com']);
  });

  it('stops and changes nothing if two accounts would have the same address', async () => {
    const emails = ['ada@bücher.example', 'ada@xn--bcher-kva.example', 'lin@bücher.example'];
    await store(...emails);
    await expect(migrateDatabase({ url: target.url })).rejects.toThrow('ada@xn--bcher-kva.example');
    expect(await storedAddresses()).toEqual(emails);
  });

  it('marks existing accounts as verified', async () => {
    await store('ada@example.com');
    await migrateDatabase({ url: target.url });
    const database = openDatabase({ url: target.url });
    const [account] = await database.account.findMany();
    await database.$disconnect();
    expect(account?.emailVerifiedAt).toEqual(new Date(0));
  });
});
