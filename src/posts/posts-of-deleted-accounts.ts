import type { AccountContent } from '../accounts/account-deletion.js';
import { deletedAccountId } from '../accounts/deleted-account.js';
import type { Database } from '../database/client.js';
import { Prisma } from '../database/generated/client.js';
import { workAndRest } from '../shared/cleanup-rounds.js';
import type { Clock } from '../shared/clock.js';

export interface DeletedAccountSettings {
  /** `delete`: with the account. `keep`: published ones stay, without a name. */
  readonly posts: 'delete' | 'keep';
}

/** Rows in one statement. */
const BATCH = 50;

/**
 * What becomes of the posts of an account that is deleted. Hidden ones are drafts that have a time of publication, which no
 * other draft has: so no list has to read whether the author is being deleted.
 */
export function postsOfDeletedAccounts(
  database: Database,
  { posts }: DeletedAccountSettings,
  clock: Clock,
): AccountContent {
  async function inBatches(stopping: AbortSignal, work: () => Promise<number>): Promise<void> {
    for (let changed = BATCH; changed === BATCH && !stopping.aborted;) changed = await workAndRest(work, stopping);
  }

  return {
    async hide({ client }, authorId) {
      if (posts === 'keep') return;
      await client.post.updateMany({ where: { authorId, status: 'PUBLISHED' }, data: { status: 'DRAFT' } });
    },
    async restore({ client }, authorId) {
      const hidden = { authorId, status: 'DRAFT' as const, publishedAt: { not: null } };
      await client.post.updateMany({ where: hidden, data: { status: 'PUBLISHED' } });
    },
    async remove(authorId, stopping) {
      const someOf = (condition: Prisma.Sql) =>
        Prisma.sql`"id" IN (SELECT "id" FROM "Post" WHERE "authorId" = ${authorId} AND ${condition} LIMIT ${BATCH})`;
      const removed =
        posts === 'keep' ? Prisma.sql`"status" = 'DRAFT'` : Prisma.sql`"status" IN ('DRAFT', 'PUBLISHED')`;
      await inBatches(stopping, () => database.$executeRaw`DELETE FROM "Post" WHERE ${someOf(removed)}`);
      if (posts === 'delete') return;
      const first = await database.post.findFirst({ where: { authorId }, select: { id: true } });
      if (!first) return;
      const heirId = await deletedAccountId(database, new Date(clock.nowMs()));
      await inBatches(
        stopping,
        () =>
          database.$executeRaw`UPDATE "Post" SET "authorId" = ${heirId} WHERE ${someOf(Prisma.sql`"status" = 'PUBLISHED'`)}`,
      );
    },
  };
}
