import type { Database } from '../database/client.js';
import { inTransaction } from '../database/transaction.js';
import { Failure } from '../errors/failure.js';
import { linkOf } from '../mail/mail-links.js';
import type { WriteMail } from '../mail/outbox.js';
import type { Clock } from '../shared/clock.js';
import type { IsTaken } from './address-use.js';
import { normalizeEmail } from './email-address.js';
import type { OneTimeTokenRow, OneTimeTokens } from './one-time-tokens.js';

export interface SentInvitation {
  readonly email: string;
  readonly expiresAt: Date;
  readonly link: string;
  readonly code: string;
}

/** The use cases of an operator about invitations. */
export interface Invitations {
  /** Sends an invitation, which replaces an earlier one of the address. @throws Failure CONFLICT if the address is taken */
  invite(email: string, days: number): Promise<SentInvitation>;
  /** Those that can be used, oldest first. */
  list(): Promise<OneTimeTokenRow[]>;
  /** @throws Failure NOT_FOUND */
  revoke(email: string): Promise<void>;
}

export interface InvitationParts {
  readonly database: Database;
  readonly tokens: Pick<OneTimeTokens, 'issue' | 'findActive' | 'secretsOf' | 'listActive' | 'supersedeOf'>;
  readonly isTaken: IsTaken;
  /** Undefined if no server sends mail: then the operator passes the link on. */
  readonly writeMail: WriteMail | undefined;
  readonly publicUrl: string;
  readonly clock: Clock;
}

const DAY_SECONDS = 86_400;

export function invitations(parts: InvitationParts): Invitations {
  const { database, tokens, isTaken, writeMail, publicUrl, clock } = parts;
  return {
    async invite(typed, days) {
      const email = normalizeEmail(typed);
      if (await isTaken(email)) throw new Failure('CONFLICT', { publicMessage: 'This address has an account.' });
      const expiresAt = new Date(clock.nowMs() + days * DAY_SECONDS * 1000);
      const id = await inTransaction(database, async (transaction) => {
        const invitation = { purpose: 'INVITATION' as const, email, lifetimeSeconds: days * DAY_SECONDS };
        const oneTimeTokenId = await tokens.issue(transaction, invitation);
        const parameters = { date: `${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC` };
        await writeMail?.(transaction, { template: 'invitation', toAddress: email, parameters, oneTimeTokenId });
        return oneTimeTokenId;
      });
      const row = await tokens.findActive(id);
      const secrets = row && tokens.secretsOf(row);
      if (!secrets) throw new Failure('CONFLICT', { publicMessage: 'The invitation was replaced meanwhile.' });
      return { email, expiresAt, link: linkOf(publicUrl, 'INVITATION', secrets.token), code: secrets.code };
    },
    list: () => tokens.listActive('INVITATION'),
    async revoke(typed) {
      const count = await inTransaction(database, (transaction) =>
        tokens.supersedeOf(transaction, 'INVITATION', normalizeEmail(typed)),
      );
      if (count === 0) throw new Failure('NOT_FOUND', { publicMessage: 'There is no invitation for this address.' });
    },
  };
}
