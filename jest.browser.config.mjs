import sqlite from './jest.config.mjs';

/** Runs the tests that need Chromium: see test/support/browser-setup.mjs. `npm test` excludes them. */
export default {
  ...sqlite,
  testMatch: ['<rootDir>/test/**/*.browser.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/test/support/browser-setup.mjs',
};
