/** One kind of what is stored about an account, for `exportMyData`: each domain knows its own. Never a hash or a secret. */
export interface ExportPart {
  /** A key of the exported object. */
  readonly name: string;
  /** Rows of the account by ascending id, after the id `after`. */
  list(accountId: string, after: string | undefined, take: number): Promise<readonly ExportedRow[]>;
}

export interface ExportedRow {
  readonly id: string;
}
