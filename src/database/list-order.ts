import { isId } from '../shared/id.js';
import { Prisma } from './generated/client.js';
import { BY_ID, type PageWindow, type Positions } from './page-window.js';

/** The order of a list: by a column, if there is one, and then by id, so that no two rows are equal. */
export interface ListOrder {
  readonly column?: 'updatedAt';
  readonly descending: boolean;
}

export interface OrderedRow {
  readonly id: string;
  /** Present if the list is ordered by it. */
  readonly updatedAt?: Date;
}

/** A time in milliseconds from 2001 to 2286, which every database can compare, and an id. */
const TIME_AND_ID = /^(\d{13}):(.+)$/;

export function positionsIn({ column }: ListOrder): Positions<OrderedRow> {
  if (!column) return BY_ID;
  return {
    of: (row) => `${row[column]?.getTime()}:${row.id}`,
    isValid: (text) => isId(TIME_AND_ID.exec(text)?.[2] ?? ''),
  };
}

/** The conditions for the rows of a window. An index that ends in these columns answers them. */
export function boundsOf({ after, before }: PageWindow, { column, descending }: ListOrder): Prisma.Sql[] {
  const beyond = (position: string, isGreater: boolean) => {
    const than = Prisma.raw(isGreater ? '>' : '<');
    if (!column) return Prisma.sql`"id" ${than} ${position}`;
    const [, ms, id] = TIME_AND_ID.exec(position) ?? [];
    return Prisma.sql`(${Prisma.raw(`"${column}"`)}, "id") ${than} (${new Date(Number(ms))}, ${id})`;
  };
  return [
    ...(after === undefined ? [] : [beyond(after, !descending)]),
    ...(before === undefined ? [] : [beyond(before, descending)]),
  ];
}

/** The order of a statement that begins at the start of the window, or at its end. */
export function orderBy({ column, descending }: ListOrder, fromEnd: boolean): Prisma.Sql {
  const direction = descending === fromEnd ? 'ASC' : 'DESC';
  const columns = column ? [column, 'id'] : ['id'];
  return Prisma.raw(`ORDER BY ${columns.map((name) => `"${name}" ${direction}`).join(', ')}`);
}

export function sorted<Row extends OrderedRow>(rows: readonly Row[], { column, descending }: ListOrder): Row[] {
  const sign = descending ? -1 : 1;
  const timeOf = (row: OrderedRow) => (column && row[column]?.getTime()) ?? 0;
  return rows.toSorted((one, other) => sign * (timeOf(one) - timeOf(other) || (one.id < other.id ? -1 : 1)));
}
