import DataLoader from 'dataloader';
import { isId } from '../shared/id.js';

/** At most so many keys go into one statement; more make several. */
const MAX_BATCH = 256;

/**
 * Joins what all requests ask for within one turn of the event loop into one call of `batch`, which answers in the
 * order of the keys. Nothing is kept afterwards, so an answer is never older than its question. Duplicate keys are
 * passed on as they are. An `Error` in the answers rejects that key alone; a thrown one rejects the batch.
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
 * `coalesce` for reads by id: `find` returns the rows it has, in any order; an id without a row gives undefined, and
 * so does what is no id.
 */
export function coalesceById<Row extends { id: string }>(
  find: (ids: string[]) => Promise<Row[]>,
): (id: string) => Promise<Row | undefined> {
  const findAll = coalesceByIds(find);
  return async (id) => (isId(id) ? (await findAll([id])).get(id) : undefined);
}

/** The same for several ids at once, which are answered with the rows there are. */
export function coalesceByIds<Row extends { id: string }>(
  find: (ids: string[]) => Promise<Row[]>,
): (ids: Iterable<string>) => Promise<ReadonlyMap<string, Row>> {
  return coalesce(async (asked) => {
    const ids = new Set<string>();
    for (const some of asked) for (const id of some) ids.add(id);
    const found = ids.size > 0 ? await find([...ids]) : [];
    const rows = new Map(found.map((row) => [row.id, row]));
    return asked.map(() => rows);
  });
}
