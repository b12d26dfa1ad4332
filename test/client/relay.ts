/** The operations of a front-end on Relay that the tests use. `relay-front-end.ts` implements them. */
export interface RelayFrontEnd {
  /** The viewer's ID. */
  me(): Promise<string | undefined>;
  createPost(title: string): Promise<string>;
  posts(first: number): Promise<string[] | undefined>;
  /** Execute the queries that relay-compiler wrote for `@refetchable`. Resolve to whether they return an object. */
  refetchesAccount(id: string): Promise<boolean>;
  refetchesPost(id: string): Promise<boolean>;
  /** The records of the store for an ID. */
  recordsWithId(id: string): string[];
}
