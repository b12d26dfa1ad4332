import { setImmediate as nextTurn } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Database } from '../database/client.js';
import { Prisma } from '../database/generated/client.js';
import type { ListedRows, PageWindow } from '../database/page-window.js';
import { Failure } from '../errors/failure.js';
import type { Deadline } from '../shared/deadline.js';
import type { SearchIndex } from './search-candidates.js';
import { readPosts } from './search-statement.js';

/** What one page of a search reads at most, and a count of what it finds. */
const PAGE = { posts: 10_000, bytes: 4_000_000 } as const;
/** A page ends after this time, so that each of many searches makes progress. */
const PAGE_MS = 1000;
/** How many searches of a process run a statement at the same time. A statement on SQLite blocks the process anyway. */
const CONCURRENCY = { sqlite: 1, postgresql: 2 } as const;

export interface SearchRequest {
  /** What to find, folded. */
  readonly text: string;
  /** A post of the list meets exactly one of them. An index must hold the columns of each, and then the id. */
  readonly conditions: readonly Prisma.Sql[];
  readonly columns: readonly string[];
  /** The search runs no further statement after it. */
  readonly deadline: Deadline;
}

/** One page of a search. All of its windows together read what one page may read. */
export interface Search<Row> {
  list(window: PageWindow): Promise<ListedRows<Row>>;
  /** How many of the newest posts contain the text. It stops where a page would stop. */
  count(): Promise<number>;
}

interface SearchedPosts {
  conditions(): readonly Prisma.Sql[];
  narrow(): Promise<void>;
}

/**
 * Searches read posts one after another, newest first, in short statements. If the first statement has not found enough,
 * the index says which posts remain, unless they are many. Between two statements of a search, other requests and other
 * searches have their turn. A page that has read nothing, or a count that is not complete, fails after `timeoutMs`.
 */
export function postSearch<Row extends { id: string }>(
  database: Database,
  index: Pick<SearchIndex, 'candidates'>,
  timeoutMs: number,
): (request: SearchRequest) => Search<Row> {
  const turns = pLimit(CONCURRENCY[database.provider]);

  /** Finds the ids of posts, nearest to the start of the window first. Stops after `endMs`, but not before it has read some. */
  function finder({ text, deadline }: SearchRequest, posts: SearchedPosts, endMs = Infinity) {
    const left: { posts: number; bytes: number } = { ...PAGE };
    const startMs = performance.now();
    let hasRead = false;
    const isOver = () => hasRead && performance.now() - startMs > endMs;
    return async (window: PageWindow) => {
      const ids: string[] = [];
      let rest = window;
      while (left.posts > 0 && left.bytes > 0 && !isOver()) {
        const { found, count, bytes, last } = await turns(async () => {
          deadline.throwIfPassed();
          if (performance.now() - startMs > timeoutMs && !isOver()) {
            throw new Failure('SERVICE_UNAVAILABLE', { cause: 'The search timed out.' });
          }
          const read = await readPosts(database, text, posts.conditions(), rest);
          await nextTurn();
          return read;
        });
        hasRead = true;
        left.posts -= count;
        left.bytes -= bytes;
        ids.push(...found);
        if (last === undefined || ids.length >= window.take) return { ids: ids.slice(0, window.take) };
        rest = { ...rest, [window.fromEnd ? 'before' : 'after']: last };
        await posts.narrow();
      }
      return { ids, stoppedAt: (window.fromEnd ? rest.before : rest.after) ?? null };
    };
  }

  /** At first all posts that the viewer may see. The index narrows them to those that can contain the text. */
  function searchedPosts({ text, conditions, deadline }: SearchRequest): SearchedPosts {
    let narrowed = conditions;
    const narrow = async () => {
      deadline.throwIfPassed();
      const ids = await index.candidates(text);
      await nextTurn();
      if (ids) narrowed = ids.length === 0 ? [] : conditions.map((each) => Prisma.sql`${each} AND ${isOneOf(ids)}`);
    };
    let narrowing: Promise<void> | undefined;
    return { conditions: () => narrowed, narrow: () => (narrowing ??= turns(narrow)) };
  }

  function isOneOf(ids: readonly string[]): Prisma.Sql {
    return database.provider === 'sqlite'
      ? Prisma.sql`"id" IN (SELECT "value" FROM json_each(${JSON.stringify(ids)}))`
      : Prisma.sql`"id" = ANY(${ids})`;
  }

  return (request) => {
    const posts = searchedPosts(request);
    const find = finder(request, posts, Math.min(PAGE_MS, timeoutMs));
    return {
      async list(window) {
        const { ids, stoppedAt } = await find(window);
        const rows = await readFound<Row>(database, ids, request);
        // If a post is gone meanwhile, the page is too short to tell whether there is another one.
        const isGone = rows.length < ids.length && ids.length === window.take;
        return { rows, stoppedAt: isGone ? ids.at(-1) : stoppedAt };
      },
      async count() {
        const { ids } = await finder(request, posts)({ take: Infinity, fromEnd: false });
        return ids.length;
      },
    };
  };
}

/** The posts with these ids that the viewer may still see, newest first. */
async function readFound<Row extends { id: string }>(
  database: Database,
  ids: readonly string[],
  { conditions, columns }: SearchRequest,
): Promise<Row[]> {
  if (ids.length === 0) return [];
  const names = Prisma.raw(columns.map((name) => `"${name}"`).join(', '));
  const isVisible = Prisma.join(
    conditions.map((condition) => Prisma.sql`(${condition})`),
    ' OR ',
  );
  const rows = await database.$queryRaw<Row[]>`
    SELECT ${names} FROM "Post" WHERE "id" IN (${Prisma.join([...ids])}) AND (${isVisible})`;
  return rows.sort((one, other) => (one.id < other.id ? 1 : -1));
}
