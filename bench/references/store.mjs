// The hand-written data access of the reference servers: prepared statements on Tandem's tables, with the same durability.
import Database from 'better-sqlite3';

const POST = `SELECT "id", "title", "body", "publishedAt", "authorId" FROM "Post"`;
const SEEN = `"id" = ? AND ("status" = 'PUBLISHED' OR "authorId" = ?)`;

export function openStore(path) {
  const database = new Database(path);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  const author = `JOIN "Account" AS "a" ON "a"."id" = "p"."authorId"`;
  const joined = `"p"."id", "p"."title", "p"."publishedAt", "a"."id" AS "authorId", "a"."displayName"`;
  const stretch = (where) => `SELECT * FROM (SELECT "id", "title", "publishedAt", "authorId" FROM "Post"
    WHERE ${where} AND "id" < ? ORDER BY "id" DESC LIMIT 21)`;
  const seen = `${stretch(`"status" = 'PUBLISHED'`)} UNION ALL ${stretch(`"status" = 'DRAFT' AND "authorId" = ?`)}
    ORDER BY "id" DESC LIMIT 21`;
  return {
    post: database.prepare(`${POST} WHERE ${SEEN}`),
    postWithAuthor: database.prepare(`SELECT ${joined}, "p"."body" FROM "Post" AS "p" ${author}
      WHERE "p"."id" = ? AND ("status" = 'PUBLISHED' OR "authorId" = ?)`),
    posts: database.prepare(seen),
    postsWithAuthors: database.prepare(`SELECT ${joined} FROM (${seen}) AS "p" ${author} ORDER BY "p"."id" DESC`),
    account: database.prepare(`SELECT "id", "displayName", "role" FROM "Account" WHERE "id" = ?`),
    accountByEmail: database.prepare(
      `SELECT "id", "displayName", "role", "passwordHash" FROM "Account" WHERE "email" = ?`,
    ),
    session: database.prepare(
      `SELECT "id", "accountId", "generation", "salt", "refreshKeyId" FROM "Session" WHERE "id" = ?`,
    ),
    advance:
      database.prepare(`UPDATE "Session" SET "generation" = "generation" + 1, "rotatedAt" = ?, "confirmedAt" = NULL,
      "idleExpiresAt" = ?, "ipAddress" = ?, "userAgent" = ?
      WHERE "id" = ? AND "generation" = ? AND "endedAt" IS NULL AND "idleExpiresAt" > ? AND "expiresAt" > ?`),
    open: database.prepare(`INSERT INTO "Session" ("id", "accountId", "generation", "salt", "refreshKeyId", "rotatedAt",
      "idleExpiresAt", "expiresAt", "createdAt") VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?)`),
  };
}
