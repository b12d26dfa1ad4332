import type { Pool, PoolClient } from 'pg';
import type { DatabaseLimits } from '../limits.js';

/** PostgreSQL cancels a slow statement itself. If it does not respond at all, the client gives up this much later. */
const RESPONSE_MARGIN_MS = 500;
/** PostgreSQL aborts a transaction that is idle for this many statement timeouts, and releases its locks. */
const IDLE_TRANSACTION_FACTOR = 2;

/** How many statements and transactions may wait for each connection of a pool. Further ones fail at once. */
const WAITING_PER_CONNECTION = 100;

/** A pool of connections with a timeout for every wait. With a statement timeout of 0, statements have none. */
export async function postgresPool(
  url: string,
  { poolSize, connectTimeoutMs, statementTimeoutMs }: DatabaseLimits,
): Promise<Pool> {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'tandem',
    max: poolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    ...(statementTimeoutMs > 0 && {
      statement_timeout: statementTimeoutMs,
      query_timeout: statementTimeoutMs + RESPONSE_MARGIN_MS,
      idle_in_transaction_session_timeout: statementTimeoutMs * IDLE_TRANSACTION_FACTOR,
    }),
    keepAlive: true,
  });
  const connect = pool.connect.bind(pool) as (callback?: ConnectCallback) => Promise<PoolClient>;
  // `pool.query` calls it too, with a callback.
  const connectIfShortQueue = (callback?: ConnectCallback) => {
    if (pool.waitingCount < poolSize * WAITING_PER_CONNECTION) return connect(callback);
    const error = new Error('too many statements wait for a connection');
    return callback ? callback(error) : Promise.reject(error);
  };
  Object.assign(pool, { connect: connectIfShortQueue });
  // Prisma's adapter adds its own listener one turn too late for a connection that the server terminates at once, and an
  // error event without a listener ends the process. The statement that uses the connection reports the error.
  pool.on('connect', (client) => client.on('error', () => undefined));
  // The same for a connection that is idle before the adapter listens. The pool replaces it.
  pool.on('error', () => undefined);
  // A connection whose COMMIT or ROLLBACK got no response is still inside a transaction that nobody will commit. The
  // statements of later requests would join it.
  pool.on('release', (_error, client) => {
    if (client.getTransactionStatus() !== 'I') void client.end().catch(() => undefined);
  });
  return pool;
}

type ConnectCallback = (error: Error | undefined, client?: PoolClient, release?: (error?: Error) => void) => void;
