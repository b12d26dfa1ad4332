import type { Database } from '../database/client.js';
import type { ExportPart } from '../database/export-part.js';

/** What accounts/ stores about an account. */
export function exportedAccounts({ account, oneTimeToken }: Database): ExportPart[] {
  return [
    {
      name: 'account',
      list: (accountId, after, take) =>
        account.findMany({
          where: { id: { equals: accountId, gt: after } },
          take,
          select: {
            id: true,
            email: true,
            emailVerifiedAt: true,
            pendingEmail: true,
            displayName: true,
            role: true,
            roleChangedAt: true,
            createdAt: true,
            updatedAt: true,
          },
        }),
    },
    {
      name: 'oneTimeTokens',
      list: (accountId, after, take) =>
        oneTimeToken.findMany({
          where: { accountId, id: { gt: after } },
          orderBy: { id: 'asc' },
          take,
          select: {
            id: true,
            purpose: true,
            email: true,
            sessionId: true,
            createdAt: true,
            expiresAt: true,
            usedAt: true,
          },
        }),
    },
  ];
}
