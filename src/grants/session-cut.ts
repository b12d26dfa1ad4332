import { Failure } from '../errors/failure.js';
import type { KeyRing } from '../keys/key-ring.js';
import type { OpenedSession } from '../sessions/session-opening.js';
import { columnsOf } from '../database/rows-by-id.js';
import type { Transaction } from '../database/transaction.js';
import type { RevocationList } from '../revocation/revocation-list.js';
import type { RevocationNotification } from '../revocation/revocation-notification.js';
import type { SessionSettings } from '../sessions/session-expiry.js';
import { SESSION_FIELDS, type SessionRow } from '../sessions/session-row.js';
import type { Clock } from '../shared/clock.js';
import type { AuthenticatedViewer } from '../tokens/viewer.js';

type Cuttable = Pick<AuthenticatedViewer, 'accountId' | 'sessionId' | 'generation'>;

/**
 * Cuts the chain of a viewer's session, after the person has proved who they are: rotates it, and voids every token of it
 * that was issued before.
 * @throws Failure TOKEN_REVOKED if the session was revoked or has expired, TOKEN_STALE if another request has cut it
 */
export type CutSession = (transaction: Transaction, viewer: Cuttable) => Promise<OpenedSession>;

/** The one function that cuts a session. From the next request on its earlier tokens change nothing, in every process. */
export function sessionCut(
  settings: SessionSettings,
  ring: () => KeyRing,
  revocations: Pick<RevocationList, 'sessionCut'>,
  clock: Clock,
): CutSession {
  return async (transaction, viewer) => {
    const { accountId, sessionId, generation } = viewer;
    const nowMs = clock.nowMs();
    const now = new Date(nowMs);
    const idleExpiresAt = new Date(nowMs + settings.idleSeconds * 1000);
    // Prisma's model calls cannot set one column to the new value of another.
    const [session] = await transaction.client.$queryRaw<SessionRow[]>`
      UPDATE "Session"
      SET "generation" = "generation" + 1, "cutGeneration" = "generation" + 1, "cutAt" = ${now},
          "exchangeKeys" = '', "exchangeKeysGeneration" = "generation" + 1,
          "rotatedAt" = ${now}, "authenticatedAt" = ${now}, "confirmedAt" = NULL, "idleExpiresAt" = ${idleExpiresAt}
      WHERE "id" = ${sessionId} AND "accountId" = ${accountId} AND "cutGeneration" <= ${generation}
        AND "endedAt" IS NULL AND "idleExpiresAt" > ${now} AND "expiresAt" > ${now}
      RETURNING ${columnsOf(SESSION_FIELDS)}`;
    if (!session) throw await rejection(transaction, viewer);
    const refreshKey = ring().refreshKeys.get(session.refreshKeyId);
    if (!refreshKey) throw new Failure('TOKEN_REVOKED', { cause: 'the key ring has no secret for the session' });
    const cut = { sessionCut: sessionId, generation: session.generation };
    transaction.notify(cut satisfies RevocationNotification);
    transaction.afterCommit(() => revocations.sessionCut(sessionId, session.generation, nowMs));
    return { session, refreshKey };
  };
}

/** Of two changes at the same moment, the first one voids the auth token of the second, and the session is active. */
async function rejection({ client }: Transaction, { sessionId, generation }: Cuttable): Promise<Failure> {
  const session = await client.session.findUnique({
    where: { id: sessionId },
    select: { endedAt: true, cutGeneration: true },
  });
  const isCut = session && !session.endedAt && generation < session.cutGeneration;
  return new Failure(isCut ? 'TOKEN_STALE' : 'TOKEN_REVOKED');
}
