import type { Database } from '../database/client.js';
import type { ExportPart } from '../database/export-part.js';

/** What sessions/ stores about an account: also sessions that were revoked or expired and are not deleted yet. */
export function exportedSessions({ session }: Database): ExportPart {
  return {
    name: 'sessions',
    list: (accountId, after, take) =>
      session.findMany({
        where: { accountId, id: { gt: after } },
        orderBy: { id: 'asc' },
        take,
        select: {
          id: true,
          deviceName: true,
          userAgent: true,
          ipAddress: true,
          createdAt: true,
          authenticatedAt: true,
          rotatedAt: true,
          idleExpiresAt: true,
          expiresAt: true,
          endedAt: true,
          endedReason: true,
        },
      }),
  };
}
