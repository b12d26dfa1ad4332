import { isId } from '../shared/id.js';

/** A window of an ordered list: the `take` rows nearest to its start, or to its end. */
export interface PageWindow {
  /** Only rows after this position. */
  readonly after?: string | undefined;
  /** Only rows before this position. */
  readonly before?: string | undefined;
  readonly take: number;
  readonly fromEnd: boolean;
}

/** Where rows stand in a list: a text for each, which its cursor contains. */
export interface Positions<Row> {
  of(row: Row): string;
  isValid(text: string): boolean;
}

/** The positions of a list that is ordered by id. */
export const BY_ID: Positions<{ readonly id: string }> = { of: ({ id }) => id, isValid: isId };

export interface ListedRows<Row> {
  /** In the order of the list. */
  readonly rows: readonly Row[];
  /** Where the list stopped early, so that there may be more rows beyond this position. Null: before it read any row. */
  readonly stoppedAt?: string | null | undefined;
}

/** A list that is read page by page. */
export interface ConnectionSource<Row> {
  /** Names the list and its order in its cursors, so that a cursor of another list or order is rejected. */
  readonly name: string;
  readonly positions: Positions<Row>;
  /** The rows of a window. */
  list(window: PageWindow): Promise<ListedRows<Row>>;
  count(): Promise<number>;
}
