import { insertRows } from '../database/insert-rows.js';
import type { Transaction } from '../database/transaction.js';
import type { Clock } from '../shared/clock.js';
import type { NewId } from '../shared/id.js';
import type { MailTemplate } from './mail-templates.js';

/** A mail as it is stored: without its link and its code, which the sender derives from the one-time token. */
export interface MailToWrite {
  readonly template: MailTemplate;
  readonly toAddress: string;
  /** Other values of the template. Never a secret. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** If this account is deleted, so is the mail. */
  readonly accountId?: string | undefined;
  readonly oneTimeTokenId?: string | undefined;
}

/** Writes a mail in the transaction of the change that it is about. It is sent after the commit. */
export type WriteMail = (transaction: Transaction, mail: MailToWrite) => Promise<void>;

/** `wake` is called after the commit. */
export function outbox(clock: Clock, newId: NewId, wake: () => void): WriteMail {
  return async ({ client, afterCommit }, { template, toAddress, parameters = {}, accountId, oneTimeTokenId }) => {
    const now = new Date(clock.nowMs());
    const row = {
      id: newId(),
      template,
      parameters: JSON.stringify(parameters),
      toAddress,
      accountId: accountId ?? null,
      oneTimeTokenId: oneTimeTokenId ?? null,
      nextAttemptAt: now,
      createdAt: now,
    };
    await insertRows(client, 'OutgoingMail', [row]);
    afterCommit(wake);
  };
}
