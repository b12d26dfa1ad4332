import type { Provider } from '../../src/database/provider.js';

/** The models of each provider, from the root of the project. `npm run db:generate` derives PostgreSQL's from SQLite's. */
export const SCHEMA_PATHS: Record<Provider, string> = {
  sqlite: 'prisma/schema.prisma',
  postgresql: 'src/database/generated/postgresql.prisma',
};
