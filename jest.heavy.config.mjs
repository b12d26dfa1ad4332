import sqlite from './jest.config.mjs';

/** Runs the tests that start many processes, wait for real time or run a compiler. `npm test` excludes them. */
export default {
  ...sqlite,
  testMatch: ['<rootDir>/test/**/*.heavy.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};
