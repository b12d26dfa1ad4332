import type { Provider } from '../../src/database/provider.js';

/** The schema of each provider, relative to the root of the project. `npm run db:generate` derives PostgreSQL's. */
export const SCHEMA_PATHS: Record<Provider, string> = {
  sqlite: 'prisma/schema.prisma',
  postgresql: 'src/database/generated/postgresql.prisma',
};
