// better-sqlite3 13 needs version 10 of Node's addon interface. On an earlier Node it crashes, and npm does not install
// it. Version 12 crashes in garbage collection if it was compiled with the headers of Node 24.19 or later.
import { createRequire } from 'node:module';
import process from 'node:process';

const VERSION = Number(process.versions.napi) >= 10 ? 13 : 12;

export default load(`better-sqlite3-${VERSION}`);

function load(name) {
  try {
    return createRequire(import.meta.url)(name);
  } catch (error) {
    // Reported when a database is opened, so that a server on PostgreSQL needs no SQLite.
    return class {
      constructor() {
        throw error;
      }
    };
  }
}
