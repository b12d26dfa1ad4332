import type { Database } from '../database/client.js';
import { coalesce } from '../database/coalesce.js';
import type { PageWindow } from '../database/page-window.js';
import type { ListedPost, PostColumn, PostFilter } from './post-row.js';
import { listStatement, windowFor } from './post-visibility.js';

/** A window of the posts that a reader may see, with these columns of each. */
export interface PostsAsked {
  readonly readerId: string;
  readonly filter: PostFilter;
  readonly window: PageWindow;
  readonly columns: ReadonlySet<PostColumn>;
}

/** Each reader adds a part to the statement, of which SQLite takes 500. */
const MOST_READERS = 100;

/**
 * Lists posts. Those asked for within one turn of the event loop that differ in nothing but their reader are one
 * statement: what is published is read once for all of them. A statement that fails, fails those alone who asked for it.
 */
export function postListLoader(database: Database): (asked: PostsAsked) => Promise<ListedPost[]> {
  return coalesce(async (all) => {
    const answers = new Map<PostsAsked, ListedPost[] | Error>();
    const reads = alike(all).map(async (group) => {
      const rows = await read(database, group).catch(asError);
      for (const asked of group) answers.set(asked, rows instanceof Error ? rows : pick(asked, rows));
    });
    await Promise.all(reads);
    return all.map((asked) => answers.get(asked) ?? []);
  }, MOST_READERS);
}

/** Groups what differs in nothing but its reader. */
function alike(all: readonly PostsAsked[]): PostsAsked[][] {
  const groups = new Map<string, PostsAsked[]>();
  for (const asked of all) {
    const { filter, window, columns } = asked;
    const key = JSON.stringify([filter.authorId, filter.status, filter.search, window, ...columns]);
    const group = groups.get(key);
    if (group) group.push(asked);
    else groups.set(key, [asked]);
  }
  return [...groups.values()];
}

async function read(database: Database, group: readonly PostsAsked[]): Promise<ListedPost[]> {
  const [first] = group;
  if (!first) return [];
  const readerIds = new Set(group.map(({ readerId }) => readerId));
  const statement = listStatement([...readerIds], first.filter, first.window, first.columns);
  return statement ? database.$queryRaw<ListedPost[]>(statement) : [];
}

function pick({ readerId, window }: PostsAsked, rows: readonly ListedPost[]): ListedPost[] {
  const stretched = windowFor(readerId, rows, window);
  return window.fromEnd ? stretched.reverse() : stretched;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('A statement failed.', { cause: error });
}
