/** An index of the texts of posts. */
export interface SearchIndex {
  /**
   * Finds the ids of the posts that can contain a text, folded, and of some that do not contain it. Undefined: these are too
   * many, or the index cannot tell.
   */
  candidates(text: string): Promise<readonly string[] | undefined>;
  /** A post with this many characters was written. Deleted posts have none. */
  changed(characters: number): void;
  /** What an index has to do when a process starts. */
  start(): void;
}

/** If more posts can contain a text, reading the newest posts finds a page of them soon. */
export const MOST_CANDIDATES = 1000;

/** What an index contains in place of a text that is not folded yet, or too long for it. The migrations name it. */
export const UNINDEXED = 'not0in0the0index';

/** All candidates, or undefined if they are too many. Statements read one more than `MOST_CANDIDATES`. */
export function unlessTooMany(ids: readonly string[]): readonly string[] | undefined {
  return ids.length > MOST_CANDIDATES ? undefined : ids;
}
