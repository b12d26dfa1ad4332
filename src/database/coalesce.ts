import DataLoader from 'dataloader';
import { isId } from '../shared/id.js';

/** The most keys of one call of `batch`. */
const MAX_BATCH = 256;

/**
 * Coalesces the keys of all requests within one event loop turn into one call of `batch`, which returns a value for each
 * key in order. Nothing is cached, so no value is stale. Duplicate keys are passed on. An `Error` among the values rejects
 * that key alone; a thrown error rejects the batch.
 */
export function coalesce<Key, Value>(
  batch: (keys: readonly Key[]) => Promise<readonly (Value | Error)[]>,
  maxBatchSize = MAX_BATCH,
): (key: Key) => Promise<Value> {
  const loader = new DataLoader<Key, Value>(batch as (keys: readonly Key[]) => Promise<(Value | Error)[]>, {
    cache: false,
    maxBatchSize,
    batchScheduleFn: (run) => setImmediate(run),
  });
  return (key) => loader.load(key);
}

/**
 * `coalesce` for reads by id. `find` returns the existing rows in any order. A key without a row, or without the form of
 * an id, gives undefined.
 */
export function coalesceById<Row extends { id: string }>(
  find: (ids: string[]) => Promise<Row[]>,
): (id: string) => Promise<Row | undefined> {
  const findAll = coalesceByIds(find);
  return async (id) => (isId(id) ? (await findAll([id])).get(id) : undefined);
}

/** The same for several ids at once. Resolves to the rows that exist. */
export function coalesceByIds<Row extends { id: string }>(
  find: (ids: string[]) => Promise<Row[]>,
): (ids: Iterable<string>) => Promise<ReadonlyMap<string, Row>> {
  return coalesce(async (requested) => {
    const ids = new Set<string>();
    for (const some of requested) for (const id of some) ids.add(id);
    const found = ids.size > 0 ? await find([...ids]) : [];
    const rows = new Map(found.map((row) => [row.id, row]));
    return requested.map(() => rows);
  });
}
