import type { Database } from '../database/client.js';
import { MOST_CANDIDATES, UNINDEXED, unlessTooMany, type SearchIndex } from './search-candidates.js';

/** A statement reads the list of posts of each, and blocks the event loop meanwhile. */
const MOST_TRIGRAMS = 8;

/** The FTS5 table `PostText`, which triggers of `Post` maintain. */
export function sqliteSearchIndex(database: Database): SearchIndex {
  return async (text) => {
    const trigrams = trigramsOf(text);
    if (trigrams.length === 0) return undefined;
    const query = `(${allOf(trigrams)}) OR (${allOf(trigramsOf(UNINDEXED))})`;
    const found = await database.$queryRaw<{ postId: string }[]>`
      SELECT "postId" FROM "PostText" JOIN "PostTextKey" ON "number" = "PostText"."rowid"
      WHERE "PostText" MATCH ${query} LIMIT ${MOST_CANDIDATES + 1}`;
    return unlessTooMany(found.map(({ postId }) => postId));
  };
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
