import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import { redact } from '../shared/redaction.js';
import type { AttemptResult, MailStore, StoredMail } from './mail-store.js';
import type { MailTemplate, RenderMail } from './mail-templates.js';
import type { SendMail } from './mail-transport.js';

/** What a stored mail becomes when it is sent. */
export interface ComposedMail {
  readonly template: MailTemplate;
  readonly toAddress: string;
  /** The page for a forgotten password. */
  readonly resetPage: string;
  readonly link?: string | undefined;
  readonly code?: string | undefined;
}

/** Decides at send time what a mail says. Undefined: the mail is of no use any more. A higher folder implements it. */
export type ComposeMail = (mail: StoredMail) => Promise<ComposedMail | undefined>;

export interface MailSender {
  /** Sends the mails that are due, in the background. */
  wake(): void;
  /** Resolves when each mail that is due was attempted. */
  sendDue(): Promise<void>;
  /** Claims no further mails. */
  stop(): void;
  /** Resolves when the attempts in progress have ended. */
  drain(): Promise<void>;
}

export interface MailSenderParts {
  readonly store: MailStore;
  readonly compose: ComposeMail;
  readonly render: RenderMail;
  /** Undefined: mails stay in the outbox. */
  readonly send: SendMail | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

const CHECK_MS = 5000;
const AT_ONCE = 5;
/** Longer than any attempt: nodemailer gives up after 30 seconds without a byte. */
const CLAIM_MS = 10 * 60_000;
const FIRST_DELAY_MS = 60_000;
const LONGEST_DELAY_MS = 4 * 3_600_000;
const GIVE_UP_AFTER_MS = 3 * 86_400_000;
const LONGEST_ERROR = 300;

/**
 * Sends the mails of the outbox. Each process has a sender; a conditional update claims each mail for one of them. A mail
 * is sent twice only if a process is killed after the SMTP server accepted it and before that was recorded.
 */
export function mailSender({ store, compose, render, send, clock, logger }: MailSenderParts): MailSender {
  let running: Promise<void> | undefined;
  let isWoken = false;
  let isStopped = false;
  const timer = send && setInterval(wake, CHECK_MS).unref();

  function wake(): void {
    if (!send || isStopped) return;
    isWoken = true;
    running ??= rounds().finally(() => {
      running = undefined;
      if (isWoken) wake(); // woken after the last check of the loop
    });
  }

  async function rounds(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve)); // after the response of the request that wrote the mail
    while (isWoken && !isStopped && send) {
      isWoken = false;
      try {
        await sendAllDue(send);
      } catch (error) {
        logger.warn({ err: error }, 'reading the outbox failed');
      }
    }
  }

  async function sendAllDue(deliver: SendMail): Promise<void> {
    while (!isStopped) {
      const nowMs = clock.nowMs();
      const claimed = await store.claim(new Date(nowMs), new Date(nowMs + CLAIM_MS), AT_ONCE);
      if (claimed.length === 0) return;
      await Promise.all(claimed.map((mail) => attempt(mail, deliver)));
    }
  }

  async function attempt(mail: StoredMail, deliver: SendMail): Promise<void> {
    const { id: mailId, template, attempts } = mail;
    const result = await resultOf(mail, deliver);
    const facts = { mailId, template, attempts };
    if ('sentAt' in result) logger.info({ event: 'mail.sent', ...facts }, 'a mail was sent');
    else if ('droppedAt' in result) logger.info({ event: 'mail.dropped', ...facts }, 'a mail was not needed any more');
    else if ('retryAt' in result) logger.warn({ event: 'mail.failed', ...facts, ...result }, 'sending a mail failed');
    else logger.error({ event: 'mail.given_up', ...facts, ...result }, 'a mail was given up');
    await store.record(mail, result).catch((error: unknown) => {
      logger.error({ err: error, ...facts }, 'the result of sending a mail was not recorded; it may be sent again');
    });
  }

  async function resultOf(mail: StoredMail, deliver: SendMail): Promise<AttemptResult> {
    try {
      const composed = await compose(mail);
      if (!composed && mail.attempts === 1) return { droppedAt: new Date(clock.nowMs()) };
      if (!composed) return { givenUpAt: new Date(clock.nowMs()), error: 'its link was used, replaced or has expired' };
      const { template, toAddress, resetPage, link, code } = composed;
      const values = {
        ...(JSON.parse(mail.parameters) as Record<string, string>),
        resetPage,
        ...(link && { link }),
        ...(code && { code }),
      };
      await deliver({ id: mail.id, toAddress, date: new Date(clock.nowMs()), link, code, ...render(template, values) });
      return { sentAt: new Date(clock.nowMs()) };
    } catch (cause) {
      const nowMs = clock.nowMs();
      const error = redact(cause instanceof Error ? cause.message : String(cause)).slice(0, LONGEST_ERROR);
      if (nowMs - mail.createdAt.getTime() >= GIVE_UP_AFTER_MS) return { givenUpAt: new Date(nowMs), error };
      const delayMs = Math.min(FIRST_DELAY_MS * 2 ** (mail.attempts - 1), LONGEST_DELAY_MS);
      return { retryAt: new Date(nowMs + delayMs), error };
    }
  }

  return {
    wake,
    async sendDue() {
      wake();
      while (running) await running; // a round that was woken late is another one
    },
    stop() {
      isStopped = true;
      clearInterval(timer);
    },
    async drain() {
      await running;
    },
  };
}
