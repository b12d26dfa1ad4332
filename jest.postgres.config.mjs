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
    '/client/test/',
    '/test/database/sqlite/',
    '/test/(client|docs|errors|graphql|keys|model|shared|tokens)/',
    '/test/accounts/passwords/(breached-|hash-|hashing-|password-scoring|password-strength|scoring-)[^/]*$',
    '/test/api/(abusive-documents|limits|manifest-files|requirements|schema|sole-root-field|trusted-documents)\\.test\\.ts$',
    '/test/http/(accept-errors|body-memory|bundle|client-address|connections|explorer|graphql-over-http|hostile-bodies)\\.test\\.ts$',
    '/test/http/(introspection-and-explorer|lost-output|rejected-requests|request-checks|request-headers)\\.test\\.ts$',
    '/test/http/(schema-text|security-headers)\\.test\\.ts$',
    '/test/http/overload/',
    '/test/cli/(keys(-file)?\\.heavy|build|release)\\.test\\.ts$',
    '/test/(config|environment-file|setting-warnings)\\.test\\.ts$',
    '/test/(?!cli/|smoke/).*\\.heavy\\.test\\.ts$',
    '\\.browser\\.test\\.ts$',
  ],
  globalSetup: '<rootDir>/test/support/postgres-setup.mjs',
  globalTeardown: '<rootDir>/test/support/postgres-teardown.mjs',
};
