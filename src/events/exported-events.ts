import type { Database } from '../database/client.js';
import type { ExportPart } from '../database/export-part.js';

/** The security events of an account. */
export function exportedEvents({ securityEvent }: Database): ExportPart {
  return {
    name: 'securityEvents',
    list: (accountId, after, take) =>
      securityEvent.findMany({
        where: { accountId, id: { gt: after } },
        orderBy: { id: 'asc' },
        take,
        select: { id: true, kind: true, at: true, sessionId: true, ipAddress: true, userAgent: true, detail: true },
      }),
  };
}
