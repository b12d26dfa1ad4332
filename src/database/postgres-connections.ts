import { DriverAdapterError, isDriverAdapterError } from '@prisma/driver-adapter-utils';
import type {
  SqlDriverAdapter,
  SqlDriverAdapterFactory,
  SqlQueryable,
  Transaction,
} from '@prisma/driver-adapter-utils';
import type { Pool } from 'pg';
import { DEFAULT_LIMITS } from './limits.js';
import { postgresPool } from './postgres-pool.js';

const NAMES = { provider: 'postgres', adapterName: '@prisma/adapter-pg' } as const;

/** A pool of connections to a PostgreSQL server. The driver is loaded with the first one. */
export function postgresConnections(url: string, limits = DEFAULT_LIMITS): SqlDriverAdapterFactory {
  return { ...NAMES, connect: async () => adapterOf(await postgresPool(url, limits)) };
}

/** One connection, on which statements may take as long as migrations do. */
export async function connectForMigrations(url: string): Promise<SqlDriverAdapter> {
  return adapterOf(await postgresPool(url, { ...DEFAULT_LIMITS, poolSize: 1, statementTimeoutMs: 0 }));
}

/** Prisma's view of a pool, which it closes when it is disposed of. */
export async function adapterOf(pool: Pool): Promise<SqlDriverAdapter> {
  const { PrismaPg } = await import('@prisma/adapter-pg');
  const connection = await new PrismaPg(pool, { disposeExternalPool: true }).connect();
  return {
    ...withKnownErrors(connection),
    // The adapter's own cuts a script at each semicolon, also within a function or a text.
    executeScript: (script) => known(async () => void (await pool.query(script))),
    startTransaction: async (isolationLevel) =>
      transactionOf(await known(() => connection.startTransaction(isolationLevel))),
    getConnectionInfo: () => connection.getConnectionInfo(),
    dispose: () => connection.dispose(),
  };
}

function transactionOf(transaction: Transaction): Transaction {
  return {
    ...withKnownErrors(transaction),
    options: transaction.options,
    commit: () => transaction.commit(),
    rollback: () => transaction.rollback(),
    createSavepoint: (name) => known(async () => transaction.createSavepoint?.(name)),
    rollbackToSavepoint: (name) => known(async () => transaction.rollbackToSavepoint?.(name)),
    releaseSavepoint: (name) => known(async () => transaction.releaseSavepoint?.(name)),
  };
}

function withKnownErrors(queryable: SqlQueryable): SqlQueryable {
  return {
    ...NAMES,
    queryRaw: (query) => known(() => queryable.queryRaw(query)),
    executeRaw: (query) => known(() => queryable.executeRaw(query)),
  };
}

/**
 * The adapter names the errors that the server answers with and passes others on as they are. An error that no server
 * answered with is one of the connection: cut, refused, timed out, or none free in the pool.
 */
async function known<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isDriverAdapterError(error) || error instanceof TypeError) throw error;
    const originalMessage = error instanceof Error ? error.message : String(error);
    throw new DriverAdapterError({ kind: 'ConnectionClosed', originalMessage });
  }
}
