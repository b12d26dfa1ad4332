import { systemClock, type Clock } from '../shared/clock.js';
import type { Database } from './client.js';

const EVERY_MS = 10_000;
/** If the response took longer, it says too little about when the server read its clock. */
const MOST_DELAY_MS = 100;

export interface DatabaseClock extends Clock {
  stop(): void;
}

/**
 * The one clock that all processes on a database share: the database server's. It is read now and then, and counted on
 * in between, so that asking for the time costs nothing. A SQLite file has no clock but that of its machine.
 */
export async function databaseClock(database: Database): Promise<DatabaseClock> {
  if (database.provider === 'sqlite') return { ...systemClock(), stop: () => undefined };
  let aheadMs = (await measure(database)).aheadMs;
  const timer = setInterval(() => {
    measure(database)
      .then((measured) => {
        if (measured.delayMs <= MOST_DELAY_MS) aheadMs = measured.aheadMs;
      })
      .catch(() => undefined); // the clock continues from the last response
  }, EVERY_MS).unref();
  return { ...systemClock(() => performance.now() + aheadMs), stop: () => clearInterval(timer) };
}

/** How far the server's clock is ahead of this process's counter, and how long it took to find out. */
async function measure(database: Database): Promise<{ aheadMs: number; delayMs: number }> {
  const askedAt = performance.now();
  const [row] = await database.$queryRaw<{ ms: number }[]>`
    SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "ms"`;
  const delayMs = performance.now() - askedAt;
  if (!row) throw new Error('The database did not tell its time.');
  return { aheadMs: row.ms - (askedAt + delayMs / 2), delayMs };
}
