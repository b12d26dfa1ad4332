import { openDatabase } from '../../../src/database/client.js';
import { databaseClock } from '../../../src/database/database-clock.js';
import { freshDatabase, onServer } from '../../support/databases.js';

it('returns the time of the database server', async () => {
  const database = await freshDatabase();
  // Hides the system's own function of that name, to simulate a server whose clock is an hour ahead.
  await onServer(
    database.url,
    'CREATE SCHEMA ahead',
    `CREATE FUNCTION ahead.clock_timestamp() RETURNS timestamptz LANGUAGE sql
       AS $$ SELECT pg_catalog.clock_timestamp() + interval '1 hour' $$`,
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = ahead, pg_catalog', current_database()); END $$`,
  );
  const client = openDatabase({ url: database.url });
  const clock = await databaseClock(client);
  expect(Math.abs(clock.nowMs() - (Date.now() + 3_600_000))).toBeLessThan(5000);
  clock.stop();
  await client.$disconnect();
  await database.drop();
});

it('is exact when the role prints floats with few digits', async () => {
  const database = await freshDatabase();
  await onServer(
    database.url,
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET extra_float_digits = -15', current_database()); END $$`,
  );
  const client = openDatabase({ url: database.url });
  const clock = await databaseClock(client);
  expect(Math.abs(clock.nowMs() - Date.now())).toBeLessThan(5000);
  clock.stop();
  await client.$disconnect();
  await database.drop();
});
