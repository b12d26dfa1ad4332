import { columnsOf } from '../database/rows-by-id.js';
import type { Transaction } from '../database/transaction.js';
import type { RevocationList } from '../revocation/revocation-list.js';
import type { RevocationNotification } from '../revocation/revocation-notification.js';
import type { SessionSettings } from '../sessions/session-expiry.js';
import { SESSION_FIELDS, type SessionRow } from '../sessions/session-row.js';
import type { Clock } from '../shared/clock.js';
import type { AuthenticatedViewer } from '../tokens/viewer.js';

/**
 * Cuts the chain of a viewer's session: rotates it, and voids every token of it that was issued before. Resolves to
 * undefined if the session was revoked, expired, or cut by another request.
 */
export type CutSession = (
  transaction: Transaction,
  viewer: Pick<AuthenticatedViewer, 'accountId' | 'sessionId' | 'generation'>,
) => Promise<SessionRow | undefined>;

/** The one function that cuts a session. From the next request on its earlier tokens change nothing, in every process. */
export function sessionCut(
  settings: SessionSettings,
  revocations: Pick<RevocationList, 'sessionCut'>,
  clock: Clock,
): CutSession {
  return async (transaction, { accountId, sessionId, generation }) => {
    const nowMs = clock.nowMs();
    const now = new Date(nowMs);
    const idleExpiresAt = new Date(nowMs + settings.idleSeconds * 1000);
    // Prisma's model calls cannot set one column to the new value of another.
    const [session] = await transaction.client.$queryRaw<SessionRow[]>`
      UPDATE "Session"
      SET "generation" = "generation" + 1, "cutGeneration" = "generation" + 1, "cutAt" = ${now},
          "exchangeKeys" = '', "exchangeKeysGeneration" = "generation" + 1,
          "rotatedAt" = ${now}, "confirmedAt" = NULL, "idleExpiresAt" = ${idleExpiresAt}
      WHERE "id" = ${sessionId} AND "accountId" = ${accountId} AND "cutGeneration" <= ${generation}
        AND "endedAt" IS NULL AND "idleExpiresAt" > ${now} AND "expiresAt" > ${now}
      RETURNING ${columnsOf(SESSION_FIELDS)}`;
    if (!session) return undefined;
    const cut = { sessionCut: sessionId, generation: session.generation };
    transaction.notify(cut satisfies RevocationNotification);
    transaction.afterCommit(() => revocations.sessionCut(sessionId, session.generation, nowMs));
    return session;
  };
}
