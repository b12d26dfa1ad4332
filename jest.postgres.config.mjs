import process from 'node:process';
import sqlite from './jest.config.mjs';

process.env.TEST_POSTGRES_URL ||= 'postgresql://postgres@127.0.0.1:5432/postgres';

/**
 * Runs the tests of `npm test`, of the commands and of a release on PostgreSQL, except those that no database affects.
 * Each uses its own database on the server of TEST_POSTGRES_URL.
 */
export default {
  ...sqlite,
  testPathIgnorePatterns: [
    '/node_modules/',
    '/test/database/sqlite/',
    '/test/(client|docs|graphql|keys|model|shared|tokens)/',
    '/test/cli/keys(-file)?\\.heavy\\.test\\.ts$',
    '/test/(environment-file|setting-warnings)\\.test\\.ts$',
    '/test/(?!cli/|smoke/).*\\.heavy\\.test\\.ts$',
    '\\.browser\\.test\\.ts$',
  ],
  globalSetup: '<rootDir>/test/support/postgres-setup.mjs',
  globalTeardown: '<rootDir>/test/support/postgres-teardown.mjs',
};
