import type { Database } from '../database/client.js';
import { Failure } from '../errors/failure.js';
import { mailCleanup } from '../mail/mail-cleanup.js';
import { mailSender, type ComposeMail, type MailSender } from '../mail/mail-sender.js';
import type { MailSettings } from '../mail/mail-settings.js';
import { mailStore } from '../mail/mail-store.js';
import { mailTemplates } from '../mail/mail-templates.js';
import { mailTransport } from '../mail/mail-transport.js';
import { outbox, type WriteMail } from '../mail/outbox.js';
import type { Cleanup } from '../shared/cleanup-rounds.js';
import type { Clock } from '../shared/clock.js';
import type { NewId } from '../shared/id.js';
import type { Logger } from '../shared/logger.js';

/** The services around mail. */
export interface Mail {
  /** Whether this server sends mail. */
  readonly isOn: boolean;
  readonly write: WriteMail;
  readonly sender: MailSender;
  readonly cleanup: Cleanup;
  /** @throws Failure SERVICE_UNAVAILABLE if this server sends no mail */
  require(): void;
}

export interface MailParts {
  readonly settings: MailSettings;
  readonly database: Database;
  readonly compose: ComposeMail;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly logger: Logger;
  readonly print?: ((text: string) => void) | undefined;
}

/** Constructs the services around mail. */
export function createMail({ settings, database, compose, clock, newId, logger, print }: MailParts): Mail {
  const send = mailTransport(settings, print ?? (() => undefined));
  if (!send) {
    logger.warn(
      { event: 'mail.off' },
      'SMTP_URL is not set, so this server sends no mail: nobody can sign up or reset a password',
    );
  }
  const sender = mailSender({ store: mailStore(database), compose, render: mailTemplates(), send, clock, logger });
  return {
    isOn: send !== undefined,
    write: outbox(clock, newId, () => sender.wake()),
    sender,
    cleanup: mailCleanup(database, clock, logger),
    require() {
      if (!send) throw new Failure('SERVICE_UNAVAILABLE', { cause: 'SMTP_URL is not set' });
    },
  };
}
