import { openDatabase, type Database } from '../../../src/database/client.js';
import { inTransaction } from '../../../src/database/transaction.js';
import { freshDatabase, onServer, type TestDatabase } from '../../support/databases.js';

describe('two transactions that deadlock', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  beforeEach(async () => {
    testDatabase = await freshDatabase();
    await onServer(
      testDatabase.url,
      'CREATE TABLE tally (name text PRIMARY KEY, count int NOT NULL)',
      `INSERT INTO tally VALUES ('a', 0), ('b', 0)`,
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''20ms''', current_database()); END $$`,
    );
    database = openDatabase({ url: testDatabase.url });
  });
  afterEach(async () => {
    await database.$disconnect();
    await testDatabase.drop();
  });

  it('are both committed exactly once', async () => {
    const effects: string[] = [];
    let attempts = 0;
    let bothHoldOne: () => void = () => undefined;
    const both = new Promise<void>((resolve) => (bothHoldOne = resolve));

    /** Increments both rows. Waits before the second one until the other transaction has locked it. */
    const countUp = (first: string, second: string) =>
      inTransaction(database, async ({ client, afterCommit }) => {
        await client.$executeRaw`UPDATE tally SET count = count + 1 WHERE name = ${first}`;
        attempts += 1;
        if (attempts === 2) bothHoldOne();
        await both;
        await client.$executeRaw`UPDATE tally SET count = count + 1 WHERE name = ${second}`;
        afterCommit(() => effects.push(first));
      });
    await Promise.all([countUp('a', 'b'), countUp('b', 'a')]);

    expect(attempts).toBeGreaterThan(2);
    expect(effects.toSorted()).toEqual(['a', 'b']);
    expect(await onServer(testDatabase.url, 'SELECT count FROM tally')).toEqual([{ count: 2 }, { count: 2 }]);
  });
});
