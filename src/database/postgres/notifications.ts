import type { Prisma } from '../generated/client.js';

/** The channel of NOTIFY and LISTEN (postgresql.org/docs/current/sql-notify.html). */
export const CHANNEL = 'tandem';

/** A JSON object for the other processes of a deployment. Each domain declares and parses its own. */
export type Notification = object;

/** Passes notifications to PostgreSQL, which delivers them to all listeners when the transaction commits. */
export async function notify(client: Prisma.TransactionClient, notifications: readonly Notification[]): Promise<void> {
  if (notifications.length === 0) return;
  const payloads = notifications.map((notification) => JSON.stringify(notification));
  await client.$queryRaw`SELECT pg_notify(${CHANNEL}, "payload")::text FROM unnest(${payloads}::text[]) AS "payload"`;
}

/** The JSON value of a notification; undefined if it is not JSON. */
export function parseNotification(payload: string | undefined): unknown {
  try {
    return JSON.parse(payload ?? '');
  } catch {
    return undefined;
  }
}
