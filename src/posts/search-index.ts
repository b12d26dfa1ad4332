import type { Database } from '../database/client.js';
import type { BackgroundTasks } from '../shared/background-tasks.js';
import type { Logger } from '../shared/logger.js';
import { postgresSearchIndex } from './postgres-search-index.js';
import type { SearchIndex } from './search-candidates.js';
import { sqliteIndexing } from './sqlite-indexing.js';
import { sqliteSearchIndex } from './sqlite-search-index.js';

export interface SearchIndexParts {
  readonly database: Database;
  readonly later: BackgroundTasks;
  readonly stopping: AbortSignal;
  readonly logger: Logger;
}

export function searchIndex({ database, later, stopping, logger }: SearchIndexParts): SearchIndex {
  return database.provider === 'sqlite'
    ? sqliteSearchIndex(database, sqliteIndexing(database, later, stopping))
    : postgresSearchIndex(database, later, logger);
}
