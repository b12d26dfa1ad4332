import type { SendNotice } from '../accounts/security-notices.js';
import type { AccountStore } from '../accounts/account-store.js';
import type { Database } from '../database/client.js';
import { inTransaction } from '../database/transaction.js';
import type { RecordEvents } from '../events/security-events.js';
import { NO_KEY, recordedExchange } from '../sessions/exchange-keys.js';
import type { RevokeSessions } from '../sessions/session-revocation.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { Logger } from '../shared/logger.js';
import type { PresentedRefreshToken } from './presented-refresh-token.js';

/** What the server does about exchanges that somebody other than the client may have made. */
export interface SuspiciousExchanges {
  /**
   * Revokes a session of which a previous refresh token was presented, and records both clients that held its tokens.
   * False if the row has changed since the decision.
   */
  revokeReusedSession(presented: PresentedRefreshToken, clientInfo: ClientInfo): Promise<boolean>;
  /** Records a repeat that its client did not prove by its key, from another client than the last rotation: once per rotation and client IP address. */
  recordRepeat(presented: PresentedRefreshToken, keyHash: string, clientInfo: ClientInfo): Promise<void>;
  /** Records a token from before the session's cut: once per cut and client IP address. */
  recordVoidToken(presented: PresentedRefreshToken, clientInfo: ClientInfo): Promise<void>;
}

export function suspiciousExchanges(
  database: Database,
  accounts: Pick<AccountStore, 'current'>,
  revokeSessions: RevokeSessions,
  record: RecordEvents,
  sendNotice: SendNotice,
  logger: Logger,
): SuspiciousExchanges {
  return {
    async revokeReusedSession(presented, clientInfo) {
      const { session, generation } = presented;
      const { id: sessionId, accountId } = session;
      const ended = await inTransaction(database, async (transaction) => {
        const which = { sessionId, generation: session.generation };
        const [endedId] = await revokeSessions(transaction, which, 'REFRESH_TOKEN_REUSED', clientInfo);
        if (endedId === undefined) return false;
        const detail = bothHolders(presented, clientInfo);
        await record(transaction, accountId, [{ kind: 'REFRESH_TOKEN_REUSED', sessionId, ...clientInfo, detail }]);
        const account = await accounts.current(transaction, accountId);
        const notice = { template: 'refresh-token-reused', client: clientInfo } as const;
        if (account) await sendNotice(transaction, { ...notice, account });
        return true;
      });
      if (ended) {
        const facts = { event: 'refresh_token.reused', sessionId, accountId, ...clientInfo, generation };
        logger.warn(facts, 'a previous refresh token was presented again; its session was revoked');
      }
      return ended;
    },

    async recordRepeat(presented, keyHash, clientInfo) {
      const { session, generation } = presented;
      if (keyHash !== NO_KEY && keyHash === recordedExchange(session, generation)) return;
      const isSameClient =
        session.ipAddress === clientInfo.ipAddress && session.userAgent === (clientInfo.userAgent ?? null);
      if (!isSameClient) await recordOnce('REFRESH_TOKEN_REPEATED', session.rotatedAt, presented, clientInfo);
    },

    async recordVoidToken(presented, clientInfo) {
      const { session, generation } = presented;
      if (session.cutAt && generation < session.cutGeneration) {
        await recordOnce('REFRESH_TOKEN_SUPERSEDED', session.cutAt, presented, clientInfo);
      }
    },
  };

  /** Records an event unless there is one of its kind, for this session and client IP address, since that time. */
  async function recordOnce(
    kind: 'REFRESH_TOKEN_REPEATED' | 'REFRESH_TOKEN_SUPERSEDED',
    since: Date,
    presented: PresentedRefreshToken,
    clientInfo: ClientInfo,
  ): Promise<void> {
    const { id: sessionId, accountId } = presented.session;
    const { ipAddress } = clientInfo;
    const where = { accountId, kind, sessionId, ipAddress, at: { gte: since } };
    if (await database.securityEvent.findFirst({ where, select: { id: true } })) return;
    await inTransaction(database, async (transaction) => {
      // Of two requests at the same moment, the second waits here for the first.
      if (!(await accounts.current(transaction, accountId))) return;
      if (await transaction.client.securityEvent.findFirst({ where, select: { id: true } })) return;
      const detail = bothHolders(presented, clientInfo);
      await record(transaction, accountId, [{ kind, sessionId, ...clientInfo, detail }]);
    });
  }
}

function bothHolders({ session, generation }: PresentedRefreshToken, clientInfo: ClientInfo): object {
  const { ipAddress, userAgent } = clientInfo;
  return {
    shown: { ipAddress, userAgent, generation },
    holder: {
      deviceName: session.deviceName,
      ipAddress: session.ipAddress,
      userAgent: session.userAgent,
      generation: session.generation,
    },
  };
}
