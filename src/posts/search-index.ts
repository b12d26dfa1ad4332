import type { Database } from '../database/client.js';
import { postgresSearchIndex } from './postgres-search-index.js';
import type { SearchIndex } from './search-candidates.js';
import { sqliteSearchIndex } from './sqlite-search-index.js';

export function searchIndex(database: Database): SearchIndex {
  return database.provider === 'sqlite' ? sqliteSearchIndex(database) : postgresSearchIndex(database);
}
