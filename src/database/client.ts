import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaClient, type Prisma } from './generated/client.js';
import { PrismaClient as PostgresClient } from './generated/postgresql/client.js';
import { DEFAULT_LIMITS, type DatabaseLimits } from './limits.js';
import { postgresConnections } from './postgres/postgres-connections.js';
import { providerOf, type Provider } from './provider.js';
import { sqliteConnections } from './sqlite/sqlite-connections.js';

/** Prisma's client with the provider that it is connected to. */
export type Database = PrismaClient & { readonly provider: Provider };

export interface DatabaseOptions {
  /** `file:<path>`, where a relative path is taken from the working directory, or `postgresql://…`. */
  readonly url: string;
  readonly limits?: DatabaseLimits;
  /** Receives the SQL of every statement, without its values. */
  readonly onStatement?: (sql: string) => void;
}

/** Prisma connects with the first query. Close it with `$disconnect()`. Does not migrate; see migrations.ts. */
export function openDatabase({ url, limits = DEFAULT_LIMITS, onStatement }: DatabaseOptions): Database {
  const provider = providerOf(url);
  const options = {
    adapter: connectionsTo(url, limits),
    errorFormat: 'minimal',
    log: onStatement ? [{ emit: 'event', level: 'query' }] : [],
    transactionOptions: { maxWait: limits.connectTimeoutMs + 1000, timeout: 2 * limits.statementTimeoutMs },
  } satisfies Prisma.PrismaClientOptions;
  // The two generated clients differ only in the isolation levels of `$transaction`.
  const client = provider === 'sqlite' ? new PrismaClient(options) : (new PostgresClient(options) as never);
  if (onStatement) client.$on('query', ({ query }) => onStatement(query));
  return Object.assign(client, { provider });
}

/** Chooses the driver by the URL. Nothing is opened before `connect()`. */
export function connectionsTo(url: string, limits?: DatabaseLimits): SqlDriverAdapterFactory {
  return providerOf(url) === 'sqlite' ? sqliteConnections(url, limits) : postgresConnections(url, limits);
}
