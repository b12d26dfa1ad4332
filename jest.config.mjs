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
  testTimeout: 30_000,
};
