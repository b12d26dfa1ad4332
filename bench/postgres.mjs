// The same data on PostgreSQL, if BENCH_POSTGRES_URL is set.
import pg from 'pg';
import { migrate } from '../dist/database/migrations/migrations.js';

const BATCH = 5000;

/** Replaces all rows of a database with those of the SQLite file. */
export async function fillPostgres(url, world) {
  await migrate({ url });
  await onServer(url, async (client) => {
    await client.query('TRUNCATE "Account" CASCADE');
    for (const [table, rows] of Object.entries(world.tables())) {
      const { rows: columns } = await client.query(
        `SELECT column_name AS name, udt_name AS type FROM information_schema.columns WHERE table_name = $1`,
        [table],
      );
      for (const batch of batches(rows)) await insert(client, table, columns, batch);
    }
    await client.query('VACUUM ANALYZE');
  });
}

export async function emptyPostgres(url) {
  await onServer(url, (client) => client.query('TRUNCATE "Account" CASCADE'));
}

/** Drops and creates another database on the same server. */
export async function besidePostgres(url, suffix) {
  const beside = new URL(url);
  beside.pathname += suffix;
  const name = `"${beside.pathname.slice(1)}"`;
  const drop = () => onServer(url, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  await drop();
  await onServer(url, (client) => client.query(`CREATE DATABASE ${name}`));
  return { url: beside.href, drop };
}

/** Passes one array for each column, so that the statement does not depend on the number of rows. */
async function insert(client, table, columns, rows) {
  const names = columns.map(({ name }) => `"${name}"`);
  const arrays = columns.map(({ type }, at) => `$${at + 1}::"${type}"[]`);
  await client.query(
    `INSERT INTO "${table}" (${names}) SELECT * FROM unnest(${arrays})`,
    columns.map(({ name }) => rows.map((row) => row[name])),
  );
}

function* batches(rows) {
  let batch = [];
  for (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function onServer(url, work) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
