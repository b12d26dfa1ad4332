import { connectionsTo } from './connections.js';
import { PrismaClient } from './generated/client.js';

export type Database = PrismaClient;

export interface DatabaseOptions {
  /** `file:<path>`; a relative path is taken from the working directory. */
  readonly url: string;
}

/** Opens nothing yet: Prisma connects with the first query. Close it with `$disconnect()`. Does not migrate; see migrations.ts. */
export function openDatabase({ url }: DatabaseOptions): Database {
  return new PrismaClient({ adapter: connectionsTo(url), errorFormat: 'minimal' });
}
