/** A window of a list that is ordered by id, newest first: the `take` rows nearest to its start, or to its end. */
export interface PageWindow {
  /** Only rows older than this one. */
  readonly olderThan?: string | undefined;
  /** Only rows newer than this one. */
  readonly newerThan?: string | undefined;
  readonly take: number;
  readonly fromEnd: boolean;
}

export interface ListedRows<Row> {
  /** Newest first. */
  readonly rows: readonly Row[];
  /** Where the list stopped early, so that there may be more rows beyond this id. Null: before it read any row. */
  readonly stoppedAt?: string | null | undefined;
}

/** A list that is read page by page. */
export interface ConnectionSource<Row extends { id: string }> {
  /** Names the list in its cursors, so that a cursor of another list is rejected. */
  readonly name: string;
  /** The rows of a window. */
  list(window: PageWindow): Promise<ListedRows<Row>>;
  count(): Promise<number>;
}
