/** Node.js imports the test files and the TypeScript sources as ES modules: see test/support/jest/runner.mjs. */
export default {
  testEnvironment: '<rootDir>/test/support/jest/environment.mjs',
  testRunner: '<rootDir>/test/support/jest/runner.mjs',
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/client/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/test/database/postgresql/', '\\.(heavy|browser)\\.test\\.ts$'],
  transform: {},
  // For --onlyChanged and --findRelatedTests.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  globalSetup: '<rootDir>/test/support/sqlite-setup.mjs',
  globalTeardown: '<rootDir>/test/support/sqlite-teardown.mjs',
  maxWorkers: '100%',
  // A worker keeps all modules, and some servers of earlier tests. Jest restarts it above this limit.
  workerIdleMemoryLimit: '800MB',
  // Releasing so much memory takes a worker more than the default of 0.5 s on a busy machine.
  workerGracefulExitTimeout: 10_000,
  testTimeout: 30_000,
};
