import { join } from 'node:path';
import process from 'node:process';
import { migrate } from '../../dist/database/migrations/migrations.js';
import { makeRunDirectory } from './run-directory.mjs';

/** Creates the migrated database that each test copies. */
export default async function setUp() {
  const path = join(makeRunDirectory(), 'template.db');
  await migrate({ url: `file:${path}` });
  process.env.TEST_SQLITE_TEMPLATE = path;
}
