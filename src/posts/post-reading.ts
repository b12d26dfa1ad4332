import type { Database } from '../database/client.js';
import type { Replication } from '../database/read-replica.js';
import { rowsById } from '../database/rows-by-id.js';
import { coalesceById } from '../shared/coalesce.js';
import { postListing } from './listed-posts.js';
import { POST_FIELDS, type PostRow, type PostStore } from './post-store.js';
import { countStatement } from './visible-posts.js';

/** What is read of posts, for whom. */
export type PostReading = Pick<PostStore, 'find' | 'list' | 'count'>;

/** Reads from one database. */
export function postReading(database: Database): PostReading {
  const find = coalesceById(rowsById<PostRow>(database, 'Post', POST_FIELDS));
  return {
    find: (id) => find(id),
    list: postListing(database),
    async count(readerId, filter) {
      const statement = countStatement(readerId, filter);
      const [row] = statement ? await database.$queryRaw<{ total: bigint }[]>(statement) : [];
      return Number(row?.total ?? 0);
    },
  };
}

/** Reads from the replica whatever it may answer. */
export function replicatedReading(primary: PostReading, { database, reads }: Replication): PostReading {
  const replica = postReading(database);
  return {
    find: (id, readerId) =>
      reads.read(readerId, { replica: () => replica.find(id, readerId), primary: () => primary.find(id, readerId) }),
    list: (asked) =>
      reads.read(asked.readerId, { replica: () => replica.list(asked), primary: () => primary.list(asked) }),
    count: (readerId, filter) =>
      reads.read(readerId, {
        replica: () => replica.count(readerId, filter),
        primary: () => primary.count(readerId, filter),
      }),
  };
}
