import type { Database } from '../database/client.js';
import { Prisma } from '../database/generated/client.js';
import { retryingConflicts } from '../database/write-conflicts.js';
import { rowsById } from '../database/rows-by-id.js';
import { coalesce, coalesceById } from '../database/coalesce.js';
import type { ClientInfo } from '../shared/client-info.js';
import { whereActive } from './session-expiry.js';
import type { ExchangeKeys } from './exchange-keys.js';
import { SESSION_FIELDS, type SessionRow } from './session-row.js';

/** Increments the generation of one session, if it is at `generation`. */
export interface Rotation {
  readonly sessionId: string;
  readonly generation: number;
  /** The keys that the row records afterwards. */
  readonly exchangeKeys: ExchangeKeys;
  readonly now: Date;
  readonly idleExpiresAt: Date;
  readonly clientInfo: ClientInfo;
}

/** Records that the refresh token of `generation` has been seen. */
export interface Confirmation {
  readonly sessionId: string;
  readonly generation: number;
  readonly now: Date;
}

export interface SessionStore {
  /** One session by id. Reads of one event loop turn are one statement. */
  find(id: string): Promise<SessionRow | undefined>;
  /** True for the one caller that rotated the session; false if its generation had changed, or it was revoked or expired. */
  rotate(rotation: Rotation): Promise<boolean>;
  confirm(confirmations: readonly Confirmation[]): Promise<void>;
  /** An account's sessions that are neither revoked nor expired, newest first. */
  active(accountId: string, now: Date): Promise<SessionRow[]>;
}

export function sessionStore(database: Database): SessionStore {
  return {
    find: coalesceById(rowsById<SessionRow>(database, 'Session', SESSION_FIELDS)),
    rotate: coalesce((rotations) => rotateAll(database, rotations)),
    confirm: (confirmations) => confirmAll(database, confirmations),
    active: (accountId, now) =>
      database.session.findMany({
        where: { accountId, ...whereActive(now) },
        orderBy: { id: 'desc' },
        select: SESSION_FIELDS,
      }),
  };
}

/**
 * The refreshes of one event loop turn are one conditional statement with one flush to disk. A row is updated only if it
 * is at the generation that its caller read, so of two callers with the same token one updates it and the other does not.
 * Of several rotations of one session only the first enters the statement: with two rows for one session, SQLite would
 * write the values of the last while the first is told that it won.
 */
async function rotateAll(database: Database, rotations: readonly Rotation[]): Promise<boolean[]> {
  const [first] = rotations;
  if (!first) return [];
  const { now, idleExpiresAt } = first;
  const entering = new Map<string, Rotation>();
  for (const rotation of rotations) {
    if (!entering.has(rotation.sessionId)) entering.set(rotation.sessionId, rotation);
  }
  const rows = inOrder([...entering.values()]).map(
    ({ sessionId, generation, exchangeKeys, clientInfo: { ipAddress, userAgent } }) =>
      Prisma.sql`(${sqlText(sessionId)}, ${sqlInteger(generation)}, ${sqlText(exchangeKeys)}, ${sqlText(ipAddress)}, ${sqlText(userAgent)})`,
  );
  const rotate = Prisma.sql`
    WITH "asked" ("id", "generation", "exchangeKeys", "ipAddress", "userAgent") AS (VALUES ${Prisma.join(rows)})
    UPDATE "Session"
    SET "generation" = "Session"."generation" + 1, "rotatedAt" = ${now}, "confirmedAt" = NULL,
        "exchangeKeys" = "asked"."exchangeKeys", "exchangeKeysGeneration" = "Session"."generation" + 1,
        "idleExpiresAt" = ${idleExpiresAt}, "ipAddress" = "asked"."ipAddress", "userAgent" = "asked"."userAgent"
    FROM "asked"
    WHERE "Session"."id" = "asked"."id" AND "Session"."generation" = "asked"."generation"
      AND "endedAt" IS NULL AND "idleExpiresAt" > ${now} AND "expiresAt" > ${now}
    RETURNING "Session"."id"`;
  const moved = await retryingConflicts(() => database.$queryRaw<{ id: string }[]>(rotate));
  const won = new Set(moved.map((row) => row.id));
  return rotations.map((rotation) => entering.get(rotation.sessionId) === rotation && won.has(rotation.sessionId));
}

async function confirmAll(database: Database, confirmations: readonly Confirmation[]): Promise<void> {
  const [first] = confirmations;
  if (!first) return;
  const rows = inOrder(confirmations).map(
    ({ sessionId, generation }) => Prisma.sql`(${sqlText(sessionId)}, ${sqlInteger(generation)})`,
  );
  const confirm = Prisma.sql`
    UPDATE "Session" SET "confirmedAt" = ${first.now}
    WHERE ("id", "generation") IN (VALUES ${Prisma.join(rows)}) AND "confirmedAt" IS NULL`;
  await retryingConflicts(() => database.$executeRaw(confirm));
}

/** Two statements that lock rows in the same order wait for each other; in different orders they would deadlock. */
function inOrder<Item extends { readonly sessionId: string }>(items: readonly Item[]): Item[] {
  return items.toSorted((one, other) => (one.sessionId < other.sessionId ? -1 : 1));
}

/** PostgreSQL cannot infer the type of a parameter in VALUES. */
function sqlText(value: string | undefined): Prisma.Sql {
  return Prisma.sql`CAST(${value ?? null} AS text)`;
}

function sqlInteger(value: number): Prisma.Sql {
  return Prisma.sql`CAST(${value} AS integer)`;
}
