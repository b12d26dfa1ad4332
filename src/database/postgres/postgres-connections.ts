import { DriverAdapterError, isDriverAdapterError } from '@prisma/driver-adapter-utils';
import type {
  SqlDriverAdapter,
  SqlDriverAdapterFactory,
  SqlQueryable,
  Transaction,
} from '@prisma/driver-adapter-utils';
import type { Pool } from 'pg';
import { OperatorError } from '../../shared/operator-error.js';
import { DEFAULT_LIMITS } from '../limits.js';
import { postgresPool } from './postgres-pool.js';
import { requireUsableServer } from './server-requirements.js';

const NAMES = { provider: 'postgres', adapterName: '@prisma/adapter-pg' } as const;

/** A pool of connections to a PostgreSQL server. The driver is loaded with the first one. */
export function postgresConnections(url: string, limits = DEFAULT_LIMITS): SqlDriverAdapterFactory {
  return {
    ...NAMES,
    connect: async () => {
      const pool = await postgresPool(url, limits);
      return endIfFailed(
        () => adapterOf(pool),
        () => pool.end(),
      );
    },
  };
}

/** One connection for migrations, without a statement timeout. A failed statement does not close it. */
export async function connectForMigrations(url: string): Promise<SqlDriverAdapter> {
  const pool = await postgresPool(url, { ...DEFAULT_LIMITS, poolSize: 1, statementTimeoutMs: 0 });
  const client = await known(() => pool.connect());
  client.on('error', () => undefined); // the next statement fails, and says so
  const end = async () => {
    client.release(true);
    await pool.end();
  };
  const query = client.query.bind(client);
  const connect = async () => {
    await known(() => requireUsableServer({ query }));
    return adapterOf(Object.assign(pool, { query }));
  };
  return { ...(await endIfFailed(connect, end)), dispose: end };
}

/** Prisma's adapter of a pool. Disposing of the adapter closes the pool. */
export async function adapterOf(pool: Pool): Promise<SqlDriverAdapter> {
  const { PrismaPg } = await import('@prisma/adapter-pg');
  const schema = await schemaOf(pool);
  const connection = await new PrismaPg(pool, { disposeExternalPool: true, schema }).connect();
  return {
    ...withKnownErrors(connection),
    // The adapter's own executeScript splits a script at each semicolon, even inside a function or a string.
    executeScript: (script) => known(async () => void (await pool.query(script))),
    startTransaction: async (isolationLevel) =>
      transactionOf(await known(() => connection.startTransaction(isolationLevel))),
    getConnectionInfo: () => connection.getConnectionInfo(),
    dispose: () => connection.dispose(),
  };
}

async function endIfFailed<Result>(connect: () => Promise<Result>, end: () => Promise<void>): Promise<Result> {
  try {
    return await connect();
  } catch (error) {
    await end();
    throw error;
  }
}

/**
 * The schema where migrations create the tables: the first one of the connection's search_path that exists. Without it
 * Prisma's queries name `public`.
 */
async function schemaOf(pool: Pool): Promise<string> {
  const { rows } = await known(() => pool.query<{ schema: string | null }>('SELECT current_schema() AS "schema"'));
  return rows[0]?.schema ?? 'public';
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
 * The adapter maps the errors that the server reports, and passes all others on unchanged. An error that no server
 * reported is one of the connection: lost, refused, timed out, or none free in the pool.
 */
async function known<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isDriverAdapterError(error) || error instanceof OperatorError || error instanceof TypeError) throw error;
    throw new DriverAdapterError(
      classifyError(error) ?? { kind: 'ConnectionClosed', originalMessage: messageOf(error) },
    );
  }
}

/** An error of a script, with the SQLSTATE that the server reported. */
function classifyError(error: unknown): DriverAdapterError['cause'] | undefined {
  if (!(error instanceof Error && 'severity' in error && 'code' in error)) return undefined;
  const [code, severity] = [String(error.code), String(error.severity)];
  const none = { detail: undefined, column: undefined, hint: undefined };
  const { message } = error;
  return { kind: 'postgres', originalCode: code, originalMessage: message, code, severity, message, ...none };
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return messageOf(error.errors[0]); // one for each address of the host
  return error instanceof Error ? error.message : String(error);
}
