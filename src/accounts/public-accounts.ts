import type { Database } from '../database/client.js';
import { coalesceByIds } from '../database/coalesce.js';
import { rowsById } from '../database/rows-by-id.js';
import { DELETED_NAME } from './deleted-account.js';

/** What others see of an account. */
export interface PublicAccount {
  readonly id: string;
  readonly displayName: string;
}

/** Reads what others see of accounts, and nothing else: the authors of posts are read by nearly every request. */
export interface PublicAccounts {
  find(id: string): Promise<PublicAccount | undefined>;
  /** Those that exist, by id. */
  findAll(ids: Iterable<string>): Promise<ReadonlyMap<string, PublicAccount>>;
}

const PUBLIC_FIELDS = { id: true, displayName: true, deletionAt: true } as const;

interface Row extends PublicAccount {
  readonly deletionAt: Date | null;
}

export function publicAccounts(database: Database): PublicAccounts {
  const read = rowsById<Row>(database, 'Account', PUBLIC_FIELDS);
  const findAll = coalesceByIds(async (ids) => (await read(ids)).map(publicPart));
  return { find: async (id) => (await findAll([id])).get(id), findAll };
}

function publicPart({ id, displayName, deletionAt }: Row): PublicAccount {
  return { id, displayName: deletionAt === null ? displayName : DELETED_NAME };
}
