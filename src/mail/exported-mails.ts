import type { Database } from '../database/client.js';
import type { ExportPart } from '../database/export-part.js';

/** The mails to an account that are not deleted yet. Their links and codes are not stored. */
export function exportedMails({ outgoingMail }: Database): ExportPart {
  return {
    name: 'mails',
    list: (accountId, after, take) =>
      outgoingMail.findMany({
        where: { accountId, id: { gt: after } },
        orderBy: { id: 'asc' },
        take,
        select: { id: true, template: true, parameters: true, toAddress: true, createdAt: true, sentAt: true },
      }),
  };
}
