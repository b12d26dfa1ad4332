import sqlite from './jest.config.mjs';

/** Runs the tests that need Chromium: see test/support/browser-setup.mjs. `npm test` excludes them. */
export default {
  ...sqlite,
  testMatch: ['<rootDir>/test/**/*.browser.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  // Most tests take a few seconds. A busy machine needs longer.
  testTimeout: 120_000,
  globalSetup: '<rootDir>/test/support/browser-setup.mjs',
};
