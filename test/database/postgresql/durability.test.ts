import { openDatabase } from '../../../src/database/client.js';
import { durabilityProblem } from '../../../src/database/durability.js';
import { freshDatabase, onServer, type TestDatabase } from '../../support/databases.js';

describe('a PostgreSQL server that may lose acknowledged writes', () => {
  let database: TestDatabase;
  beforeEach(async () => (database = await freshDatabase()));
  afterEach(() => database.drop());

  async function problem(): Promise<string | undefined> {
    const client = openDatabase({ url: database.url });
    const found = await durabilityProblem(client);
    await client.$disconnect();
    return found;
  }

  it.each(['on', 'remote_apply', 'local'])('is not reported with synchronous_commit = %s', async (setting) => {
    await set(setting);
    expect(await problem()).toBeUndefined();
  });

  it('is reported', async () => {
    await set('off');
    expect(await problem()).toContain('synchronous_commit');
  });

  async function set(setting: string): Promise<void> {
    const statement = `ALTER DATABASE %I SET synchronous_commit = '${setting}'`.replaceAll("'", "''");
    await onServer(database.url, `DO $$ BEGIN EXECUTE format('${statement}', current_database()); END $$`);
  }
});
