import { DriverAdapterError } from '@prisma/driver-adapter-utils';
import type { SqlDriverAdapter, Transaction } from '@prisma/driver-adapter-utils';
import { whileBusy } from './sqlite-busy.js';
import { transactionQueue } from './transaction-queue.js';

/**
 * Prisma has one SQLite connection, and its adapter runs statements of other requests inside the transaction that is
 * open on it (prisma/orm#29933): they are acknowledged, and a rollback undoes them. A COMMIT that fails
 * leaves the transaction open for all later statements. This wrapper makes other statements wait until the transaction
 * has ended, by commit or rollback.
 *
 * Inside a `$transaction` callback use the client that it receives: a statement through any other waits for its end.
 *
 * A statement, or the start of a transaction, waits `busyTimeoutMs` for other processes to finish writing, and so long for
 * transactions of this process.
 */
export function withSerializedTransactions(connection: SqlDriverAdapter, busyTimeoutMs: number): SqlDriverAdapter {
  const queue = transactionQueue(busyTimeoutMs);

  function outside<Result>(statement: () => Promise<Result>): Promise<Result> {
    return whileBusy(performance.now() + busyTimeoutMs, () => queue.run(statement));
  }

  return {
    provider: connection.provider,
    adapterName: connection.adapterName,
    queryRaw: (query) => outside(() => connection.queryRaw(query)),
    executeRaw: (query) => outside(() => connection.executeRaw(query)),
    executeScript: (script) => outside(() => connection.executeScript(script)),
    async startTransaction(isolationLevel) {
      if (isolationLevel !== undefined && isolationLevel !== 'SERIALIZABLE') {
        throw new DriverAdapterError({ kind: 'InvalidIsolationLevel', level: isolationLevel });
      }
      const release = await queue.begin();
      try {
        // Takes the write lock at once. A transaction that takes it after reading cannot wait for another writer: it fails.
        const deadlineMs = performance.now() + busyTimeoutMs;
        await whileBusy(deadlineMs, () => connection.executeScript('BEGIN IMMEDIATE'));
      } catch (error) {
        release();
        throw error;
      }
      return openTransaction(connection, release);
    },
    dispose: () => connection.dispose(),
  };
}

function openTransaction(connection: SqlDriverAdapter, release: () => void): Transaction {
  let over = false;

  async function run<Result>(statement: () => Promise<Result>): Promise<Result> {
    if (over) throw new DriverAdapterError({ kind: 'TransactionAlreadyClosed', cause: 'The transaction has ended.' });
    return statement();
  }

  async function rollback(): Promise<void> {
    over = true;
    try {
      await connection.executeScript('ROLLBACK');
    } finally {
      release();
    }
  }

  async function commit(): Promise<void> {
    try {
      await run(() => connection.executeScript('COMMIT'));
    } catch (error) {
      // After some errors SQLite has already rolled back, so this statement fails. The first error is the one to report.
      if (!over) await rollback().catch(() => undefined);
      throw error;
    }
    over = true;
    release();
  }

  return {
    provider: connection.provider,
    adapterName: connection.adapterName,
    // COMMIT and ROLLBACK are sent here, not by Prisma, which would not roll back after a COMMIT that failed.
    options: { usePhantomQuery: true },
    queryRaw: (query) => run(() => connection.queryRaw(query)),
    executeRaw: (query) => run(() => connection.executeRaw(query)),
    commit,
    rollback,
    createSavepoint: (name) => run(() => connection.executeScript(`SAVEPOINT ${name}`)),
    rollbackToSavepoint: (name) => run(() => connection.executeScript(`ROLLBACK TO ${name}`)),
    releaseSavepoint: (name) => run(() => connection.executeScript(`RELEASE ${name}`)),
  };
}
