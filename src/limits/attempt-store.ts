import type { Database } from '../database/client.js';
import { Prisma } from '../database/generated/client.js';
import type { Transaction } from '../database/transaction.js';
import { retryingConflicts } from '../database/write-conflicts.js';

/** Attempts that have something in common, such as the e-mail address. */
export interface Bucket {
  readonly key: string;
  /** So many attempts are not delayed. */
  readonly free: number;
  /** One attempt is forgiven for every such time without one. */
  readonly refundMs: number;
}

export interface BucketState {
  readonly key: string;
  readonly attempts: number;
  readonly allowedAtMs: bigint;
  readonly succeededAtMs: bigint | null;
}

export interface AttemptStore {
  read(keys: readonly string[]): Promise<BucketState[]>;
  /**
   * Counts an attempt in each bucket that allows one now, and resolves to the keys of these buckets. Beyond the free
   * attempts, each delays the next one for twice as long as the attempt before. A delay that is longer than the longest
   * one has no effect: the clock was set back since.
   */
  count(buckets: readonly Bucket[], nowMs: number): Promise<string[]>;
  /** Takes one attempt back, and allows the next one. */
  takeBack(client: Transaction['client'], keys: readonly string[]): Promise<void>;
  /** Clears a bucket, and records that an attempt succeeded. */
  succeed(client: Transaction['client'], key: string, nowMs: number): Promise<void>;
  /** The buckets whose key begins with one of these. */
  find(prefixes: readonly string[]): Promise<BucketState[]>;
  /** Clears buckets. Earlier successes stay recorded. */
  clear(keys: readonly string[]): Promise<void>;
  /** Deletes up to `most` rows that say nothing any more. Resolves to their number. */
  deleteExpired(nowMs: number, most: number): Promise<number>;
}

/** How long a successful login of an account from a network counts for the next ones. */
export const TRUSTED_MS = 30 * 86_400_000;
/** A row is kept for so long after its last attempt. By then all attempts are forgiven. */
const KEPT_MS = 2 * 86_400_000;
const FIRST_DELAY_MS = 1000;

export function attemptStore(database: Database, maxDelayMs: number): AttemptStore {
  const { attemptLimit } = database;
  const select = { key: true, attempts: true, allowedAtMs: true, succeededAtMs: true } as const;
  /** So many delays can double before they reach the longest. */
  const doublings = Math.floor(Math.log2(maxDelayMs / FIRST_DELAY_MS)) + 1;

  return {
    read: (keys) => attemptLimit.findMany({ where: { key: { in: [...keys] } }, select }),

    async count(buckets, nowMs) {
      const now = BigInt(nowMs);
      // In one order, so that two statements wait for each other instead of deadlocking.
      const rows = buckets
        .toSorted((one, other) => (one.key < other.key ? -1 : 1))
        .map(
          ({ key, free, refundMs }) =>
            Prisma.sql`(${key}, 1, ${free}, ${BigInt(refundMs)}, ${now}, ${now + BigInt(KEPT_MS)})`,
        );
      const sinceMs = Prisma.sql`(excluded."countedAtMs" - "AttemptLimit"."countedAtMs")`;
      // The time since then is negative after the clock was set back.
      const forgiven = Prisma.sql`(CASE WHEN ${sinceMs} < 0 THEN 0 ELSE ${sinceMs} / excluded."refundMs" END)`;
      const counted = Prisma.sql`CAST(CASE WHEN ${forgiven} >= "AttemptLimit"."attempts" THEN 1
        ELSE "AttemptLimit"."attempts" - ${forgiven} + 1 END AS integer)`;
      const beyondFree = Prisma.sql`(${counted} - excluded."free")`;
      // One statement, so that of attempts at the same moment no two are counted as one.
      const statement = Prisma.sql`
        INSERT INTO "AttemptLimit" ("key", "attempts", "free", "refundMs", "countedAtMs", "expiresAtMs")
        VALUES ${Prisma.join(rows)}
        ON CONFLICT ("key") DO UPDATE SET
          "attempts" = ${counted}, "free" = excluded."free", "refundMs" = excluded."refundMs",
          "countedAtMs" = excluded."countedAtMs",
          "allowedAtMs" = CASE WHEN ${beyondFree} <= 0 THEN 0
            WHEN ${beyondFree} > ${doublings} THEN excluded."countedAtMs" + ${BigInt(maxDelayMs)}
            ELSE excluded."countedAtMs" + (${FIRST_DELAY_MS} << (${beyondFree} - 1)) END,
          "expiresAtMs" = CASE WHEN "AttemptLimit"."expiresAtMs" > excluded."expiresAtMs"
            THEN "AttemptLimit"."expiresAtMs" ELSE excluded."expiresAtMs" END
        WHERE "AttemptLimit"."allowedAtMs" <= excluded."countedAtMs"
          OR "AttemptLimit"."allowedAtMs" - excluded."countedAtMs" > ${BigInt(maxDelayMs)}
        RETURNING "key"`;
      const allowed = await retryingConflicts(() => database.$queryRaw<{ key: string }[]>(statement));
      return allowed.map(({ key }) => key);
    },

    async takeBack(client, keys) {
      // One after another, in the order of `count`: one statement for all would lock the rows in any order.
      for (const key of keys.toSorted()) {
        await client.attemptLimit.updateMany({
          where: { key, attempts: { gt: 0 } },
          data: { attempts: { decrement: 1 }, allowedAtMs: 0 },
        });
      }
    },

    async succeed(client, key, nowMs) {
      await client.attemptLimit.updateMany({
        where: { key },
        data: { attempts: 0, allowedAtMs: 0, succeededAtMs: nowMs, expiresAtMs: nowMs + TRUSTED_MS },
      });
    },

    find: (prefixes) =>
      attemptLimit.findMany({
        where: { OR: prefixes.map((prefix) => ({ key: { startsWith: prefix } })) },
        orderBy: { key: 'asc' },
        select,
      }),

    async clear(keys) {
      await attemptLimit.updateMany({ where: { key: { in: [...keys] } }, data: { attempts: 0, allowedAtMs: 0 } });
    },

    deleteExpired(nowMs, most) {
      // PostgreSQL skips rows that another process is deleting. SQLite serializes writers.
      const unlessTaken = database.provider === 'postgresql' ? Prisma.sql`FOR UPDATE SKIP LOCKED` : Prisma.empty;
      return database.$executeRaw`
        DELETE FROM "AttemptLimit" WHERE "key" IN (
          SELECT "key" FROM "AttemptLimit" WHERE "expiresAtMs" < ${BigInt(nowMs)} LIMIT ${most} ${unlessTaken})`;
    },
  };
}
