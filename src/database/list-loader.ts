import type { Database } from './client.js';
import { coalesce } from './coalesce.js';
import { Prisma } from './generated/client.js';
import { boundsOf, orderBy, sorted, type ListOrder, type OrderedRow } from './list-order.js';
import type { PageWindow } from './page-window.js';

export interface ListRequest {
  /** A row of the list meets exactly one condition. Each needs an index of its columns, followed by those of the order. */
  readonly conditions: readonly Prisma.Sql[];
  readonly window: PageWindow;
  readonly order: ListOrder;
  /** Among them those of the order. */
  readonly columns: readonly string[];
}

/** Each list adds one SELECT per condition to the statement. SQLite accepts 500. */
const MAX_LISTS = 16;

/**
 * Reads windows of ordered lists. A row has at least the requested columns.
 *
 * For each condition the database walks an index in the order of the list, so that a page costs the same however long
 * the list is. With an OR in one condition, SQLite reads and sorts the whole list, and one `findMany` for each condition
 * takes 1.6 times the processor time. The lists of one event loop turn are one statement, which takes two thirds of the
 * time of one statement for each.
 */
export function listLoader<Row extends OrderedRow>(
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
    return requests.map(({ window, order }, list) => nearest(sorted(found[list] ?? [], order), window));
  }, MAX_LISTS);
}

/** For each condition, as many rows as the window takes. */
function partsOf(request: ListRequest, list: number, table: string, columns: readonly string[]) {
  const { conditions, window, order } = request;
  const names = columns.map((name) => `"${name}"`).join(', ');
  const select = Prisma.raw(`SELECT ${list} AS "list", ${names} FROM "${table}"`);
  const first = Prisma.sql`${orderBy(order, window.fromEnd)} LIMIT ${window.take}`;
  return conditions.map((condition) => {
    const where = Prisma.join([condition, ...boundsOf(window, order)], ' AND ');
    return Prisma.sql`SELECT * FROM (${select} WHERE ${where} ${first}) AS "part"`;
  });
}

function nearest<Row>(rows: Row[], { take, fromEnd }: PageWindow): Row[] {
  return fromEnd ? rows.slice(-take) : rows.slice(0, take);
}
