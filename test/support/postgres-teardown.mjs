import process from 'node:process';
import pg from 'pg';
import { removeRunDirectory } from './run-directory.mjs';

export default async function tearDown() {
  removeRunDirectory();
  const server = new pg.Client({ connectionString: process.env.TEST_POSTGRES_URL });
  await server.connect();
  await server.query(`DROP DATABASE IF EXISTS ${process.env.TEST_POSTGRES_TEMPLATE} WITH (FORCE)`);
  await server.end();
}
