import { systemClock, type Clock } from '../shared/clock.js';
import type { Database } from './client.js';

const EVERY_MS = 10_000;
/** A slower response is ignored, because the moment at which the server read its clock is too uncertain. */
const MOST_DELAY_MS = 100;

export interface DatabaseClock extends Clock {
  stop(): void;
}

/**
 * The clock of the database server, which all processes on the database share. It is read at intervals and extrapolated
 * in between, so that reading the time needs no query. A SQLite file uses the clock of its machine.
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

/** The difference between the server's clock and this process's counter, and the duration of the query. */
async function measure(database: Database): Promise<{ aheadMs: number; delayMs: number }> {
  const askedAt = performance.now();
  // An integer, because a role can set `extra_float_digits` so low that a float has only its first digits.
  const [row] = await database.$queryRaw<{ us: bigint }[]>`
    SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS "us"`;
  const delayMs = performance.now() - askedAt;
  if (!row) throw new Error('The database did not return its time.');
  return { aheadMs: Number(row.us) / 1000 - (askedAt + delayMs / 2), delayMs };
}
