import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { sqliteConnections } from './sqlite-connections.js';

/** Chooses the driver by the URL's scheme. Nothing is opened before `connect()`. The URL is never part of an error: it may hold a password. */
export function connectionsTo(url: string): SqlDriverAdapterFactory {
  if (url.startsWith('file:')) return sqliteConnections(url);
  throw new Error('The database URL must start with file:');
}
