import type { Database } from '../database/client.js';
import { Prisma } from '../database/generated/client.js';
import { columnsOf } from '../database/rows-by-id.js';
import { retryingConflicts } from '../database/write-conflicts.js';

const MAIL_FIELDS = {
  id: true,
  template: true,
  parameters: true,
  toAddress: true,
  oneTimeTokenId: true,
  attempts: true,
  createdAt: true,
} satisfies Prisma.OutgoingMailSelect;

/** A mail of the outbox. */
export type StoredMail = Prisma.OutgoingMailGetPayload<{ select: typeof MAIL_FIELDS }>;

/** What became of an attempt. */
export type AttemptResult =
  | { readonly sentAt: Date }
  /** It was of no use any more before its first attempt, for example because a newer mail replaces it. */
  | { readonly droppedAt: Date }
  | { readonly givenUpAt: Date; readonly error: string }
  | { readonly retryAt: Date; readonly error: string };

export interface MailStore {
  /**
   * Claims up to `most` mails that are due, so that no other process sends them before `until`. If this process is
   * killed, they are due again at that time.
   */
  claim(now: Date, until: Date, most: number): Promise<StoredMail[]>;
  /** Records the result of an attempt, unless another process has begun a later one. */
  record(mail: StoredMail, result: AttemptResult): Promise<void>;
}

export function mailStore(database: Database): MailStore {
  // PostgreSQL skips rows that another process is claiming. SQLite serializes writers.
  const unlessTaken = database.provider === 'postgresql' ? Prisma.sql`FOR UPDATE SKIP LOCKED` : Prisma.empty;
  return {
    async claim(now, until, most) {
      // A read first: most checks find nothing, and a write would wait for other writers of a SQLite file.
      const due = await database.$queryRaw<unknown[]>`
        SELECT 1 FROM "OutgoingMail" WHERE "nextAttemptAt" <= ${now} LIMIT 1`;
      if (due.length === 0) return [];
      return retryingConflicts(
        () => database.$queryRaw<StoredMail[]>`
          UPDATE "OutgoingMail" SET "attempts" = "attempts" + 1, "nextAttemptAt" = ${until}, "lastError" = NULL
          WHERE "nextAttemptAt" <= ${now} AND "id" IN (
            SELECT "id" FROM "OutgoingMail" WHERE "nextAttemptAt" <= ${now}
            ORDER BY "nextAttemptAt" LIMIT ${most} ${unlessTaken})
          RETURNING ${columnsOf(MAIL_FIELDS)}`,
      );
    },
    async record({ id, attempts }, result) {
      await database.outgoingMail.updateMany({ where: { id, attempts }, data: columnsFor(result) });
    },
  };
}

function columnsFor(result: AttemptResult): Prisma.OutgoingMailUpdateManyMutationInput {
  if ('sentAt' in result) return { sentAt: result.sentAt, nextAttemptAt: null };
  if ('droppedAt' in result) return { givenUpAt: result.droppedAt, nextAttemptAt: null };
  if ('givenUpAt' in result) return { givenUpAt: result.givenUpAt, nextAttemptAt: null, lastError: result.error };
  return { nextAttemptAt: result.retryAt, lastError: result.error };
}
