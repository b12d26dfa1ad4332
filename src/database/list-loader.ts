import type { Database } from './client.js';
import { coalesce } from './coalesce.js';
import { Prisma } from './generated/client.js';
import type { PageWindow } from './page-window.js';

export interface ListRequest {
  /** A row of the list meets exactly one condition. Each needs an index of its columns, followed by the id. */
  readonly conditions: readonly Prisma.Sql[];
  readonly window: PageWindow;
  readonly columns: readonly string[];
}

/** Each list adds one SELECT per condition to the statement. SQLite accepts 500. */
const MAX_LISTS = 16;

/**
 * Reads windows of lists that are ordered by id, newest first. A row has at least the requested columns.
 *
 * For each condition the database walks an index in the order of the ids, so that a page costs the same however long
 * the list is. With an OR in one condition, SQLite reads and sorts the whole list, and one `findMany` for each condition
 * takes 1.6 times the processor time. The lists of one event loop turn are one statement, which takes two thirds of the
 * time of one statement for each.
 */
export function listLoader<Row extends { id: string }>(
  database: Database,
  table: Prisma.ModelName,
): (request: ListRequest) => Promise<Row[]> {
  return coalesce<ListRequest, Row[]>(async (requests) => {
    const columns = [...new Set(requests.flatMap((request) => request.columns))];
    const parts = requests.flatMap((request, list) => partsOf(request, list, table, columns));
    const found = requests.map((): Row[] => []);
    if (parts.length > 0) {
      const rows = await database.$queryRaw<(Row & { list: number })[]>`${Prisma.join(parts, ' UNION ALL ')}`;
      for (const row of rows) found[row.list]?.push(row);
    }
    return requests.map(({ window }, list) => nearest(found[list] ?? [], window));
  }, MAX_LISTS);
}

/** For each condition, as many rows as the window takes. */
function partsOf({ conditions, window }: ListRequest, list: number, table: string, columns: readonly string[]) {
  const { olderThan, newerThan, take, fromEnd } = window;
  const names = columns.map((name) => `"${name}"`).join(', ');
  const select = Prisma.raw(`SELECT ${list} AS "list", ${names} FROM "${table}"`);
  const order = Prisma.raw(`ORDER BY "id" ${fromEnd ? 'ASC' : 'DESC'}`);
  return conditions.map((condition) => {
    const where = [condition];
    if (olderThan !== undefined) where.push(Prisma.sql`"id" < ${olderThan}`);
    if (newerThan !== undefined) where.push(Prisma.sql`"id" > ${newerThan}`);
    return Prisma.sql`SELECT * FROM (${select} WHERE ${Prisma.join(where, ' AND ')} ${order} LIMIT ${take}) AS "part"`;
  });
}

function nearest<Row extends { id: string }>(rows: Row[], { take, fromEnd }: PageWindow): Row[] {
  rows.sort((one, other) => (one.id < other.id ? 1 : -1));
  return fromEnd ? rows.slice(-take) : rows.slice(0, take);
}
