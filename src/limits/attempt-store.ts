import type { Database } from '../database/client.js';
import { Prisma } from '../database/generated/client.js';
import type { Transaction } from '../database/transaction.js';
import { retryingConflicts } from '../database/write-conflicts.js';
import { CLOCK_TOLERANCE_MS, countInBuckets, countInQuotas } from './attempt-statements.js';
import { isBucket, isQuota, type Limit } from './limit.js';

export interface LimitState {
  readonly key: string;
  readonly attempts: number;
  readonly allowedAtMs: bigint;
  readonly succeededAtMs: bigint | null;
}

export interface AttemptStore {
  read(keys: readonly string[]): Promise<LimitState[]>;
  /** Counts an attempt for each limit that allows one now, and resolves to the keys of these limits. */
  count(limits: readonly Limit[], nowMs: number): Promise<string[]>;
  /** For how long a limit can reject attempts. A longer delay has no effect: the clock was set back since. */
  longestDelayMs(limit: Limit, nowMs: number): number;
  /** Takes one attempt back, and allows the next one. */
  takeBack(client: Transaction['client'], keys: readonly string[]): Promise<void>;
  /** Clears a bucket, and records that an attempt succeeded. */
  succeed(client: Transaction['client'], key: string, nowMs: number): Promise<void>;
  /** The limits whose key begins with one of these. */
  find(prefixes: readonly string[]): Promise<LimitState[]>;
  /** Forgives all attempts, and resolves to the number of limits. Earlier successes stay recorded. */
  clear(keys: readonly string[]): Promise<number>;
  /** Deletes up to `most` rows that say nothing any more. Resolves to their number. */
  deleteExpired(nowMs: number, most: number): Promise<number>;
}

/** How long a successful login of an account from a network counts for the next ones. */
export const TRUSTED_MS = 30 * 86_400_000;

/** A row expires when it has no effect any more: all attempts are forgiven, no delay is left, and no success counts. */
export function attemptStore(database: Database, maxDelayMs: number): AttemptStore {
  const { attemptLimit } = database;
  const select = { key: true, attempts: true, allowedAtMs: true, succeededAtMs: true } as const;

  return {
    read: (keys) => attemptLimit.findMany({ where: { key: { in: [...keys] } }, select }),

    async count(limits, nowMs) {
      // One statement, so that of attempts at the same moment no two are counted as one.
      const buckets = limits.filter(isBucket);
      const quotas = limits.filter(isQuota);
      return [
        ...(buckets.length > 0 ? await keysOf(countInBuckets(buckets, nowMs, maxDelayMs, database.provider)) : []),
        ...(quotas.length > 0 ? await keysOf(countInQuotas(quotas, nowMs)) : []),
      ];
    },

    longestDelayMs: (limit, nowMs) => (isBucket(limit) ? maxDelayMs : limit.endsAtMs - nowMs + CLOCK_TOLERANCE_MS),

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
      const data = { attempts: 0, allowedAtMs: 0 };
      return (await attemptLimit.updateMany({ where: { key: { in: [...keys] } }, data })).count;
    },

    deleteExpired(nowMs, most) {
      // PostgreSQL skips rows that another process is deleting. SQLite serializes writers.
      const unlessTaken = database.provider === 'postgresql' ? Prisma.sql`FOR UPDATE SKIP LOCKED` : Prisma.empty;
      return database.$executeRaw`
        DELETE FROM "AttemptLimit" WHERE "key" IN (
          SELECT "key" FROM "AttemptLimit" WHERE "expiresAtMs" < ${BigInt(nowMs)} LIMIT ${most} ${unlessTaken})`;
    },
  };

  async function keysOf(statement: Prisma.Sql): Promise<string[]> {
    const allowed = await retryingConflicts(() => database.$queryRaw<{ key: string }[]>(statement));
    return allowed.map(({ key }) => key);
  }
}
