import { defineConfig } from 'prisma/config';

/** Read by the Prisma CLI only (`prisma migrate deploy`, `prisma studio`); the server applies the same folder itself. */
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations/sqlite' },
  datasource: { url: process.env['DATABASE_URL'] ?? 'file:.data/tandem.db' },
});
