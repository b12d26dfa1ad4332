import type { Pool } from 'pg';
import type { DatabaseLimits } from '../limits.js';

/** The server ends a slow statement itself; so much later a server that does not answer at all is given up. */
const ANSWER_MARGIN_MS = 500;
/** A process that stops in the middle of a transaction loses it, and the locks, after so many statement timeouts. */
const IDLE_TRANSACTION_FACTOR = 2;

/** A pool of connections that nothing waits for without end. With a statement timeout of 0 statements may take any time. */
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
      query_timeout: statementTimeoutMs + ANSWER_MARGIN_MS,
      idle_in_transaction_session_timeout: statementTimeoutMs * IDLE_TRANSACTION_FACTOR,
    }),
    keepAlive: true,
  });
  // Prisma's adapter adds its own listener one turn too late for a connection that the server terminates at once, and an
  // error event without a listener ends the process. Whoever uses the connection learns of the error from the statement.
  pool.on('connect', (client) => client.on('error', () => undefined));
  // A connection whose COMMIT or ROLLBACK was never answered would carry the next requests' statements into its
  // transaction, which nobody commits any more.
  pool.on('release', (_error, client) => {
    if (client.getTransactionStatus() !== 'I') void client.end().catch(() => undefined);
  });
  return pool;
}
