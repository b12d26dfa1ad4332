import type { AccountStore } from '../accounts/account-store.js';
import type { OneTimeTokens } from '../accounts/one-time-tokens.js';
import type { PresentedProof, PresentOneTimeToken } from '../accounts/presented-one-time-token.js';
import type { Database } from '../database/client.js';
import { inTransaction } from '../database/transaction.js';
import { Failure } from '../errors/failure.js';
import type { RecordEvents } from '../events/security-events.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { Logger } from '../shared/logger.js';
import type { RevokeSessions } from './session-revocation.js';

/**
 * Revokes the session that a notice is about, by means of its mail. If the session has ended already, the report is recorded
 * all the same: the next login from its client causes a notice again.
 * @throws Failure ONE_TIME_TOKEN_INVALID, BAD_USER_INPUT, RATE_LIMITED, SERVICE_UNAVAILABLE
 */
export type RevokeReportedSession = (proof: PresentedProof, clientInfo: ClientInfo) => Promise<void>;

export interface ReportedSessionParts {
  readonly database: Database;
  readonly accounts: Pick<AccountStore, 'current'>;
  readonly tokens: Pick<OneTimeTokens, 'consume'>;
  readonly present: PresentOneTimeToken;
  readonly record: RecordEvents;
  readonly revokeSessions: RevokeSessions;
  readonly logger: Logger;
}

export function reportedSessions(parts: ReportedSessionParts): RevokeReportedSession {
  const { database, accounts, tokens, present, record, revokeSessions, logger } = parts;
  return async (proof, clientInfo) => {
    const { row, attempt } = await present('REVOKE_SESSION', proof, clientInfo);
    const { id, accountId, sessionId } = row;
    try {
      await inTransaction(database, async (transaction) => {
        if (accountId === null || sessionId === null || !(await accounts.current(transaction, accountId))) {
          throw new Failure('ONE_TIME_TOKEN_INVALID');
        }
        await tokens.consume(transaction, id);
        await record(transaction, accountId, [{ kind: 'SESSION_REPORTED', sessionId, ...clientInfo }]);
        await revokeSessions(transaction, { accountId, sessionId }, 'REVOKED', clientInfo);
        await attempt.succeed(transaction);
      });
    } catch (error) {
      await attempt.takeBack();
      throw error;
    }
    logger.warn({ event: 'session.reported', accountId, sessionId, ...clientInfo }, 'the owner reported a session');
  };
}
