import { createHash, randomUUID } from 'node:crypto';
import { isDriverAdapterError } from '@prisma/driver-adapter-utils';
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import { MigrationError } from './migration-error.js';
import type { Migration } from './migration-folder.js';

/** Prisma's own table, so that `prisma migrate deploy` finds the migrations that were applied here. */
const HISTORY_TABLE = {
  sqlite: `
    CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
      "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL,
      "logs" TEXT, "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
      "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`,
  postgres: `
    CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
      "id" VARCHAR(36) PRIMARY KEY NOT NULL, "checksum" VARCHAR(64) NOT NULL, "finished_at" TIMESTAMPTZ,
      "migration_name" VARCHAR(255) NOT NULL, "logs" TEXT, "rolled_back_at" TIMESTAMPTZ,
      "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(), "applied_steps_count" INTEGER NOT NULL DEFAULT 0)`,
} as const;

export async function createHistoryTable(connection: SqlDriverAdapter): Promise<void> {
  await connection.executeScript(HISTORY_TABLE[connection.provider === 'sqlite' ? 'sqlite' : 'postgres']);
}

/** Applies migrations in their order and records each. The caller provides the transaction. @throws MigrationError */
export async function applyMigrations(connection: SqlDriverAdapter, migrations: readonly Migration[]): Promise<void> {
  for (const { name, sql } of migrations) {
    try {
      await connection.executeScript(sql);
    } catch (error) {
      const reason = `${name}: ${reasonOf(error)}`;
      throw new MigrationError('FAILED', `A migration failed and was rolled back: ${reason}`, { cause: error });
    }
    const checksum = createHash('sha256').update(sql).digest('hex');
    // A script has no parameters. The values are a UUID, a checksum and the name of a folder.
    await connection.executeScript(
      `INSERT INTO "_prisma_migrations" ("id", "checksum", "finished_at", "migration_name", "applied_steps_count")
       VALUES ('${randomUUID()}', '${checksum}', current_timestamp, '${name.replaceAll("'", "''")}', 1)`,
    );
  }
}

function reasonOf(error: unknown): string {
  if (isDriverAdapterError(error)) return error.cause.originalMessage ?? error.message;
  return error instanceof Error ? error.message : String(error);
}
