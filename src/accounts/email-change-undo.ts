import { randomBytes } from 'node:crypto';
import type { Database } from '../database/client.js';
import { inTransaction } from '../database/transaction.js';
import { Failure } from '../errors/failure.js';
import type { RecordEvents } from '../events/security-events.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { Logger } from '../shared/logger.js';
import type { AccountStore } from './account-store.js';
import type { OneTimeTokens } from './one-time-tokens.js';
import type { IsAbandoned } from './passwords/hash-queue.js';
import type { PasswordHashing } from './passwords/password-hashing.js';
import {
  takingBack,
  type PresentedOneTimeToken,
  type PresentedProof,
  type PresentOneTimeToken,
} from './presented-one-time-token.js';
import type { RevokeAll } from './revoke-all.js';

/**
 * Restores the previous address. It voids the password, all other one-time tokens but earlier ones of this kind, and all
 * sessions: whoever changed the address has them.
 * @throws Failure ONE_TIME_TOKEN_INVALID, BAD_USER_INPUT, RATE_LIMITED, SERVICE_UNAVAILABLE
 */
export type UndoEmailChange = (
  proof: PresentedProof,
  clientInfo: ClientInfo,
  isAbandoned: IsAbandoned,
) => Promise<void>;

export interface EmailChangeUndoParts {
  readonly database: Database;
  readonly accounts: Pick<AccountStore, 'current' | 'setEmail' | 'replaceHash'>;
  readonly hashing: Pick<PasswordHashing, 'hash'>;
  readonly tokens: Pick<OneTimeTokens, 'consume' | 'supersedeAll'>;
  readonly present: PresentOneTimeToken;
  readonly record: RecordEvents;
  readonly revokeAll: RevokeAll;
  readonly logger: Logger;
}

export function emailChangeUndo(parts: EmailChangeUndoParts): UndoEmailChange {
  const { database, accounts, hashing, tokens, present, record, revokeAll, logger } = parts;

  return async (proof, clientInfo, isAbandoned) => {
    const presented = await present('UNDO_EMAIL_CHANGE', proof, clientInfo);
    await takingBack(presented, async () => {
      // Nobody knows this password. The owner resets it.
      const hash = await hashing.hash(randomBytes(32).toString('base64url'), isAbandoned);
      await restore(presented, hash, clientInfo);
    });
  };

  async function restore(
    { row, attempt }: PresentedOneTimeToken,
    passwordHash: string,
    clientInfo: ClientInfo,
  ): Promise<void> {
    const { accountId } = row;
    if (accountId === null) throw new Failure('ONE_TIME_TOKEN_INVALID');
    await inTransaction(database, async (transaction) => {
      const current = await accounts.current(transaction, accountId);
      if (!current) throw new Failure('ONE_TIME_TOKEN_INVALID');
      await tokens.consume(transaction, row.id);
      await accounts.setEmail(transaction, accountId, row.email);
      await accounts.replaceHash(accountId, current.passwordHash, passwordHash, transaction);
      await tokens.supersedeAll(transaction, accountId, row.id);
      await record(transaction, accountId, [{ kind: 'EMAIL_CHANGE_UNDONE', ...clientInfo }]);
      await revokeAll(transaction, { accountId }, 'EMAIL_CHANGE_UNDONE', clientInfo);
      await attempt.succeed(transaction);
    });
    logger.info({ event: 'email.change_undone', accountId, ...clientInfo }, 'a change of an e-mail address was undone');
  }
}
