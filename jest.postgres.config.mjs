import process from 'node:process';
import sqlite from './jest.config.mjs';

process.env.TEST_POSTGRES_URL ||= 'postgresql://postgres@127.0.0.1:5432/postgres';

/** The same tests, those of the commands and those of a release, each on a database of its own on the PostgreSQL server that TEST_POSTGRES_URL names. */
export default {
  ...sqlite,
  testPathIgnorePatterns: ['/node_modules/', '/test/database/sqlite/', '/test/(?!cli/|smoke/).*\\.heavy\\.test\\.ts$'],
  globalSetup: '<rootDir>/test/support/postgres-setup.mjs',
  globalTeardown: '<rootDir>/test/support/postgres-teardown.mjs',
};
