import process from 'node:process';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { isDriverAdapterError } from '@prisma/driver-adapter-utils';
import type { SqlDriverAdapter, SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { OperatorError } from '../../shared/operator-error.js';
import { DEFAULT_LIMITS, type DatabaseLimits } from '../limits.js';
import { createSqliteFile, restrictSqliteFile, sqliteFilePath, unusableFile } from './sqlite-file.js';
import { withSerializedTransactions } from './serialized-transactions.js';
import { withStatementCache } from './statement-cache.js';

/** How long opening waits for another process that switches the file to WAL. This blocks the thread. */
const OPEN_TIMEOUT_MS = 5_000;

/**
 * `synchronous=FULL`: in WAL mode a lower level may lose the last commits on power loss. SQLite stores only `journal_mode`
 * in the file. The other settings apply to one connection.
 */
const PRAGMAS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA busy_timeout = 0; -- waiting is done without blocking the thread: see sqlite-busy.ts
`;

const OTHER_PLATFORM = `better-sqlite3 is not compiled for this platform (Node ${process.versions.node}, ${process.platform}, ${process.arch}). In a checkout, run: npm ci. Build a release with the major version of Node, and on the platform, that it runs on.`;

/** Connections to the SQLite file that a `file:` URL names. The first connection creates the file. */
export function sqliteConnections(
  url: string,
  { statementTimeoutMs }: DatabaseLimits = DEFAULT_LIMITS,
): SqlDriverAdapterFactory {
  const path = sqliteFilePath(url);
  const factory = new PrismaBetterSqlite3({ url: path, timeout: OPEN_TIMEOUT_MS });
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => {
      createSqliteFile(path);
      const connection = await openSqliteFile(factory, path);
      restrictSqliteFile(path);
      return withSerializedTransactions(withStatementCache(connection), statementTimeoutMs);
    },
  };
}

/** Adds the path to errors about the file, because SQLite's messages do not contain it. */
async function openSqliteFile(factory: PrismaBetterSqlite3, path: string): Promise<SqlDriverAdapter> {
  const connection = await connectTo(factory);
  try {
    await connection.executeScript(PRAGMAS);
    return connection;
  } catch (error) {
    await connection.dispose();
    const code = isDriverAdapterError(error) && 'originalCode' in error.cause ? String(error.cause.originalCode) : '';
    if (code === 'SQLITE_NOTADB') throw unusableFile(`${path} is not a SQLite database`, code);
    if (code.startsWith('SQLITE_READONLY')) {
      throw unusableFile(`this user cannot write ${path}`, code);
    }
    throw error;
  }
}

/** @throws OperatorError if the native addon is for another platform, or missing */
async function connectTo(factory: PrismaBetterSqlite3): Promise<SqlDriverAdapter> {
  try {
    return await factory.connect();
  } catch (error) {
    throw isNativeAddonError(error) ? new OperatorError(OTHER_PLATFORM) : error;
  }
}

/** Node could not load the addon, or found none. */
function isNativeAddonError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    'tries' in error ||
    ['ERR_DLOPEN_FAILED', 'MODULE_NOT_FOUND'].includes(String((error as NodeJS.ErrnoException).code))
  );
}
