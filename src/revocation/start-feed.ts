import type { FeedParts, RevocationFeed } from './feed.js';
import { postgresFeed } from './postgres-feed.js';
import { revocationReading } from './read-revocations.js';
import { sqliteFeed } from './sqlite-feed.js';

/** PostgreSQL notifies its clients; a SQLite file has to be polled. */
export function revocationFeed(parts: FeedParts): RevocationFeed {
  const read = revocationReading(parts);
  return parts.database.provider === 'sqlite' ? sqliteFeed(parts, read) : postgresFeed(parts, read);
}
