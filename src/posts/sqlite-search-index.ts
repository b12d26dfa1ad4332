import type { Database } from '../database/client.js';
import { MOST_CANDIDATES, UNINDEXED, unlessTooMany, type SearchIndex } from './search-candidates.js';
import { MOST_WAITING, type SqliteIndexing } from './sqlite-indexing.js';

/** A statement reads the list of posts of each, and blocks the event loop meanwhile. */
const MOST_TRIGRAMS = 8;

/** The FTS5 table `PostText`. Posts that have changed since they were indexed are candidates of every search. */
export function sqliteSearchIndex(database: Database, { changed, start }: SqliteIndexing): SearchIndex {
  async function candidates(text: string): Promise<readonly string[] | undefined> {
    const trigrams = trigramsOf(text);
    if (trigrams.length === 0) return undefined;
    const query = `(${allOf(trigrams)}) OR (${allOf(trigramsOf(UNINDEXED))})`;
    const found = await database.$queryRaw<{ postId: string; isWaiting: bigint }[]>`
      SELECT "postId", 1 AS "isWaiting" FROM "PostTextChange"
      UNION ALL
      SELECT "postId", 0 FROM "PostText" JOIN "PostTextKey" ON "number" = "PostText"."rowid"
      WHERE "PostText" MATCH ${query} LIMIT ${MOST_CANDIDATES + 1}`;
    if (found.filter(({ isWaiting }) => isWaiting).length > MOST_WAITING) start();
    return unlessTooMany(found.map(({ postId }) => postId));
  }

  return { candidates, changed, start };
}

/** Rows of three characters, spread over the text. They select nearly as well as all of them together. */
function trigramsOf(text: string): string[] {
  const characters = [...text];
  const last = characters.length - 3;
  if (last < 0) return [];
  const count = Math.min(MOST_TRIGRAMS, Math.ceil(characters.length / 3));
  const starts = Array.from({ length: count }, (_, n) => (count === 1 ? 0 : Math.round((n * last) / (count - 1))));
  return starts.map((start) => characters.slice(start, start + 3).join(''));
}

/** In the query language of FTS5 (sqlite.org/fts5.html §3). */
function allOf(trigrams: readonly string[]): string {
  return trigrams.map((trigram) => `"${trigram.replaceAll('"', '""')}"`).join(' AND ');
}
