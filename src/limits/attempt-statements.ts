import { Prisma } from '../database/generated/client.js';
import type { Provider } from '../database/provider.js';
import type { Bucket, Quota } from './limit.js';

const FIRST_DELAY_MS = 1000;
/** The clocks of processes on one database differ by less. */
export const CLOCK_TOLERANCE_MS = 60_000;

/** Counts an attempt in each bucket that allows one now, and returns their keys. */
export function countInBuckets(
  buckets: readonly Bucket[],
  nowMs: number,
  maxDelayMs: number,
  provider: Provider,
): Prisma.Sql {
  const now = BigInt(nowMs);
  const rows = inOrder(buckets).map(
    ({ key, free, refundMs }) =>
      Prisma.sql`(${key}, 1, ${free}, ${BigInt(refundMs)}, ${now}, ${now + BigInt(refundMs)})`,
  );
  const sinceMs = Prisma.sql`(excluded."countedAtMs" - "AttemptLimit"."countedAtMs")`;
  // The time since then is negative after the clock was set back.
  const forgiven = Prisma.sql`(CASE WHEN ${sinceMs} < 0 THEN 0 ELSE ${sinceMs} / excluded."refundMs" END)`;
  const counted = Prisma.sql`CAST(CASE WHEN ${forgiven} >= "AttemptLimit"."attempts" THEN 1
    ELSE "AttemptLimit"."attempts" - ${forgiven} + 1 END AS integer)`;
  const beyondFree = Prisma.sql`(${counted} - excluded."free")`;
  /** So many delays can double before they reach the longest. */
  const doublings = Math.floor(Math.log2(maxDelayMs / FIRST_DELAY_MS)) + 1;
  const allowedAtMs = Prisma.sql`CASE WHEN ${beyondFree} <= 0 THEN 0
    WHEN ${beyondFree} > ${doublings} THEN excluded."countedAtMs" + ${BigInt(maxDelayMs)}
    ELSE excluded."countedAtMs" + (${FIRST_DELAY_MS} << (${beyondFree} - 1)) END`;
  const greatest = Prisma.raw(provider === 'postgresql' ? 'GREATEST' : 'MAX');
  return Prisma.sql`
    INSERT INTO "AttemptLimit" ("key", "attempts", "free", "refundMs", "countedAtMs", "expiresAtMs")
    VALUES ${Prisma.join(rows)}
    ON CONFLICT ("key") DO UPDATE SET
      "attempts" = ${counted}, "free" = excluded."free", "refundMs" = excluded."refundMs",
      "countedAtMs" = excluded."countedAtMs", "allowedAtMs" = ${allowedAtMs},
      "expiresAtMs" = ${greatest}("AttemptLimit"."expiresAtMs", ${allowedAtMs},
        excluded."countedAtMs" + ${counted} * excluded."refundMs")
    WHERE "AttemptLimit"."allowedAtMs" <= excluded."countedAtMs"
      OR "AttemptLimit"."allowedAtMs" - excluded."countedAtMs" > ${BigInt(maxDelayMs)}
    RETURNING "key"`;
}

/** Counts an attempt in each quota that allows one now, and returns their keys. */
export function countInQuotas(quotas: readonly Quota[], nowMs: number): Prisma.Sql {
  const rows = inOrder(quotas).map(
    ({ key, most, endsAtMs }) =>
      Prisma.sql`(${key}, 1, ${most}, 0, ${BigInt(nowMs)}, ${BigInt(most > 1 ? 0 : endsAtMs)}, ${BigInt(endsAtMs)})`,
  );
  // The end is too far away after the clock was set back.
  const isOver = Prisma.sql`("AttemptLimit"."expiresAtMs" <= excluded."countedAtMs"
    OR "AttemptLimit"."expiresAtMs" > excluded."expiresAtMs" + ${CLOCK_TOLERANCE_MS})`;
  return Prisma.sql`
    INSERT INTO "AttemptLimit" ("key", "attempts", "free", "refundMs", "countedAtMs", "allowedAtMs", "expiresAtMs")
    VALUES ${Prisma.join(rows)}
    ON CONFLICT ("key") DO UPDATE SET
      "attempts" = CASE WHEN ${isOver} THEN 1 ELSE "AttemptLimit"."attempts" + 1 END,
      "free" = excluded."free", "countedAtMs" = excluded."countedAtMs",
      "allowedAtMs" = CASE WHEN ${isOver} THEN excluded."allowedAtMs"
        WHEN "AttemptLimit"."attempts" + 1 >= excluded."free" THEN "AttemptLimit"."expiresAtMs" ELSE 0 END,
      "expiresAtMs" = CASE WHEN ${isOver} THEN excluded."expiresAtMs" ELSE "AttemptLimit"."expiresAtMs" END
    WHERE ${isOver} OR "AttemptLimit"."allowedAtMs" <= excluded."countedAtMs"
    RETURNING "key"`;
}

/** One order in all statements, so that two of them wait for each other instead of deadlocking. */
function inOrder<Limit extends { readonly key: string }>(limits: readonly Limit[]): Limit[] {
  return limits.toSorted((one, other) => (one.key < other.key ? -1 : 1));
}
