import { defineConfig } from 'prisma/config';

const url = process.env['DATABASE_URL'] ?? 'file:.data/tandem.db';
const isSqlite = url.startsWith('file:');

/** Read by the Prisma CLI only (`prisma migrate deploy`, `prisma studio`); the server applies the same folders itself. */
export default defineConfig({
  schema: isSqlite ? 'prisma/schema.prisma' : 'src/database/generated/postgresql.prisma', // see bin/build.mjs
  migrations: { path: `prisma/migrations/${isSqlite ? 'sqlite' : 'postgresql'}` },
  datasource: { url },
});
