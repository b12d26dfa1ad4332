import process from 'node:process';
import pg from 'pg';
import { migrate } from '../../dist/database/migrations/migrations.js';
import { makeRunDirectory } from './run-directory.mjs';

/** Creates the migrated database that each test copies. */
export default async function setUp() {
  makeRunDirectory();
  const name = `tandem_template_${process.pid}`;
  const server = new pg.Client({ connectionString: process.env.TEST_POSTGRES_URL });
  await server.connect();
  await server.query(`DROP DATABASE IF EXISTS ${name}`);
  await server.query(`CREATE DATABASE ${name}`);
  await server.end();
  const url = new URL(process.env.TEST_POSTGRES_URL);
  url.pathname = name;
  await migrate({ url: url.href });
  process.env.TEST_POSTGRES_TEMPLATE = name;
}
