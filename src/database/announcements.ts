import { z } from 'zod';
import type { Prisma } from './generated/client.js';
import { Role } from './generated/enums.js';

/** What the processes of a deployment tell each other when it is committed. */
export type Announcement =
  | { readonly sessionEnded: string }
  | { readonly wrote: string }
  | { readonly roleChanged: string; readonly role: Role };

/** The channel of NOTIFY and LISTEN (postgresql.org/docs/current/sql-notify.html). */
export const CHANNEL = 'tandem';

const announcementSchema = z.union([
  z.object({ sessionEnded: z.string() }),
  z.object({ wrote: z.string() }),
  z.object({ roleChanged: z.string(), role: z.enum(Role) }),
]);

/** Hands announcements to PostgreSQL, which delivers them to all who listen when the transaction is committed. */
export async function announce(
  client: Prisma.TransactionClient,
  announcements: readonly Announcement[],
): Promise<void> {
  if (announcements.length === 0) return;
  const payloads = announcements.map((announcement) => JSON.stringify(announcement));
  await client.$queryRaw`SELECT pg_notify(${CHANNEL}, "payload")::text FROM unnest(${payloads}::text[]) AS "payload"`;
}

/** What a notification says, or undefined for one that is not ours. */
export function announcementOf(payload: string | undefined): Announcement | undefined {
  try {
    return announcementSchema.safeParse(JSON.parse(payload ?? '')).data;
  } catch {
    return undefined;
  }
}
