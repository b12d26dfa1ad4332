import sqlite from './jest.config.mjs';

/** The tests that start many processes, wait for real time or run a compiler. `npm test` leaves them out. */
export default {
  ...sqlite,
  testMatch: ['<rootDir>/test/**/*.heavy.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};
