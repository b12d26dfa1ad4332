import { randomUUID } from 'node:crypto';
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { Pool, QueryResult } from 'pg';
import { DEFAULT_LIMITS } from '../../src/database/limits.js';
import { adapterOf } from '../../src/database/postgres/postgres-connections.js';
import { postgresPool } from '../../src/database/postgres/postgres-pool.js';

/** Object ids of the types `"char"`, which the system catalogs use and the adapter rejects, and `char(n)`. */
const CATALOG_CHAR = 18;
const CHARACTER = 1042;

/** Creates databases on the server, where the schema engine replays migrations to compare them with the schema. */
export function scratchDatabases(url: string): SqlMigrationAwareDriverAdapterFactory {
  const connect = () => connectTo(url);
  return {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect,
    async connectToShadowDb() {
      const server = await connect();
      const name = `tandem_scratch_${randomUUID().replaceAll('-', '')}`;
      await server.executeScript(`CREATE DATABASE ${name}`);
      const scratchUrl = new URL(url);
      scratchUrl.pathname = name;
      const scratch = await connectTo(scratchUrl.href);
      return {
        ...scratch,
        async dispose() {
          await scratch.dispose();
          await server.executeScript(`DROP DATABASE ${name}`);
          await server.dispose();
        },
      };
    },
  };
}

async function connectTo(url: string): Promise<SqlDriverAdapter> {
  const pool = await postgresPool(url, { ...DEFAULT_LIMITS, poolSize: 1, statementTimeoutMs: 0 });
  return adapterOf(withCatalogTypes(pool));
}

/** Changes the type of result columns from `"char"` to `char(n)`. Their values have the same format. */
function withCatalogTypes(pool: Pool): Pool {
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<QueryResult>;
  const patched = async (...args: unknown[]) => {
    const result = await query(...args);
    for (const field of result.fields ?? []) if (field.dataTypeID === CATALOG_CHAR) field.dataTypeID = CHARACTER;
    return result;
  };
  return Object.assign(pool, { query: patched });
}
