import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { DatabaseLimits } from './limits.js';
import { postgresConnections } from './postgres-connections.js';
import { providerOf } from './provider.js';
import { sqliteConnections } from './sqlite-connections.js';

/** Chooses the driver by the URL. Nothing is opened before `connect()`. */
export function connectionsTo(url: string, limits?: DatabaseLimits): SqlDriverAdapterFactory {
  return providerOf(url) === 'sqlite' ? sqliteConnections(url) : postgresConnections(url, limits);
}
