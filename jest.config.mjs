/** Runs the TypeScript sources as ES modules. swc emits the decorator metadata that type-graphql reads. */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/client/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/test/database/postgresql/', '\\.(heavy|browser)\\.test\\.ts$'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  globalSetup: '<rootDir>/test/support/sqlite-setup.mjs',
  globalTeardown: '<rootDir>/test/support/sqlite-teardown.mjs',
  maxWorkers: '100%',
  // Node.js never frees the ES modules of a test file, about 20 MB. Above this limit, Jest restarts the worker.
  workerIdleMemoryLimit: '500MB',
  testTimeout: 30_000,
};
