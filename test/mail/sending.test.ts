import { listMails, retryMails, sendTestMail } from '../../src/cli/mail-commands.js';
import { refusal, startTandem, type Tandem } from '../support/harness.js';
import { startSmtp, type TestSmtp } from '../support/smtp.js';
import { requestReset } from '../support/password-reset.js';
import { signUp, verify } from '../support/sign-up.js';
import { until } from '../support/until.js';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;

let smtp: TestSmtp;
let tandem: Tandem;
beforeEach(async () => {
  smtp = await startSmtp();
  tandem = await startTandem({ SMTP_URL: smtp.url, MAIL_FROM: 'Tandem Mail <mail@tandem.example>' });
});
afterEach(async () => {
  await tandem.close();
  await smtp.close();
});

const outbox = () => tandem.database.outgoingMail.findMany({ orderBy: { id: 'asc' } });

describe('mail', () => {
  it('is sent over SMTP after the response, without another request', async () => {
    const { data } = await signUp(tandem, 'lin@example.com');
    await until(() => smtp.received.length > 0);
    const [mail] = smtp.received;
    expect(mail).toMatchObject({ to: 'lin@example.com', from: 'mail@tandem.example' });
    const { continuation } = data.signUp;
    expect((await verify(tandem, { token: mail?.token, continuation })).data.verifyEmail.verified).toBe(true);
  });

  it('stores neither the link nor the code, nor logs them', async () => {
    await signUp(tandem, 'lin@example.com');
    await tandem.app.sendDueMail();
    const { token = '', code = '' } = smtp.received[0] ?? {};
    const rows = JSON.stringify([await outbox(), await tandem.database.oneTimeToken.findMany()]);
    for (const secret of [token, token.slice(-43), code, code.replace('-', '')]) {
      expect(secret).not.toBe('');
      expect(rows).not.toContain(secret);
      expect(tandem.log()).not.toContain(secret);
    }
  });

  it('is retried with growing delays while the SMTP server refuses it', async () => {
    smtp.behaviour = 'refuse';
    await signUp(tandem, 'lin@example.com');
    const delays: number[] = [];
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      await tandem.app.sendDueMail();
      expect(smtp.attempts).toBe(attempt);
      const [row] = await outbox();
      expect(row?.lastError).toContain('Try again later');
      const delay = ((row?.nextAttemptAt?.getTime() ?? 0) - tandem.clock.nowMs()) / 1000;
      delays.push(Math.round(delay));
      tandem.clock.advance(delay - 2);
      await tandem.app.sendDueMail();
      expect(smtp.attempts).toBe(attempt);
      tandem.clock.advance(2);
    }
    expect(delays).toEqual([1, 2, 4, 8].map((minutes) => minutes * MINUTE));
    smtp.behaviour = 'accept';
    await tandem.app.sendDueMail();
    expect(smtp.received).toHaveLength(1);
  });

  it('arrives once after an SMTP server was down for an hour', async () => {
    const { url } = smtp;
    await smtp.close();
    await signUp(tandem, 'lin@example.com');
    for (let minute = 0; minute < 60; minute += 1) {
      await tandem.app.sendDueMail();
      tandem.clock.advance(MINUTE);
    }
    smtp = await startSmtp(Number(new URL(url).port));
    for (let minute = 0; minute < 60; minute += 1) {
      await tandem.app.sendDueMail();
      tandem.clock.advance(MINUTE);
    }
    expect(smtp.received).toHaveLength(1);
  });

  it('is tried again if the connection is dropped before the message was accepted', async () => {
    smtp.behaviour = 'drop';
    await signUp(tandem, 'lin@example.com');
    await tandem.app.sendDueMail();
    expect(smtp.received).toHaveLength(0);
    smtp.behaviour = 'accept';
    tandem.clock.advance(MINUTE);
    await tandem.app.sendDueMail();
    expect(smtp.received).toHaveLength(1);
  });

  it('is given up, with an error in the log, when its link has expired', async () => {
    smtp.behaviour = 'refuse';
    await signUp(tandem, 'lin@example.com');
    for (let hours = 0; hours <= 28; hours += 4) {
      await tandem.app.sendDueMail();
      tandem.clock.advance(4 * HOUR);
    }
    const [row] = await outbox();
    expect(row).toMatchObject({ nextAttemptAt: null, sentAt: null });
    expect(row?.givenUpAt).not.toBeNull();
    expect(tandem.log()).toContain('mail.given_up');
  });

  it('is dropped without an error if a newer one replaces it before it is sent', async () => {
    const { email } = await tandem.person();
    await requestReset(tandem, email);
    await requestReset(tandem, email);
    await tandem.app.sendDueMail();
    const replaced = await tandem.database.oneTimeToken.findFirstOrThrow({ where: { supersededAt: { not: null } } });
    const [sent] = await outbox();
    const now = new Date(tandem.clock.nowMs());
    const { template = '', parameters = '', toAddress = '' } = sent ?? {};
    const late = { template, parameters, toAddress, oneTimeTokenId: replaced.id };
    await tandem.database.outgoingMail.create({ data: { id: 'late', ...late, nextAttemptAt: now, createdAt: now } });
    await tandem.app.sendDueMail();
    expect(smtp.received).toHaveLength(2);
    expect(tandem.log()).toContain('mail.dropped');
    expect(tandem.log()).not.toContain('mail.given_up');
    expect(await listMails(tandem.database)).toBe('All mails were sent.');
  });

  it('is given up after three days', async () => {
    smtp.behaviour = 'refuse';
    const now = new Date(tandem.clock.nowMs());
    const row = { id: 'notice', template: 'test', parameters: '{}', toAddress: 'lin@example.com' };
    await tandem.database.outgoingMail.create({ data: { ...row, nextAttemptAt: now, createdAt: now } });
    tandem.clock.advance(3 * DAY - 1);
    await tandem.app.sendDueMail();
    expect((await outbox())[0]?.givenUpAt).toBeNull();
    tandem.clock.advance(4 * HOUR);
    await tandem.app.sendDueMail();
    expect((await outbox())[0]?.givenUpAt).not.toBeNull();
  });

  it('is sent once if several processes send', async () => {
    const others = await Promise.all([tandem.startInstance(), tandem.startInstance()]);
    let answer = (): void => undefined;
    smtp.answerAfter = new Promise((resolve) => (answer = resolve));
    const addresses = Array.from({ length: 12 }, (_, index) => `lin-${index}@example.com`);
    await Promise.all(addresses.map((address) => signUp(tandem, address)));
    const sending = [tandem, ...others].map(({ app }) => app.sendDueMail());
    await until(() => smtp.attempts > 0);
    answer();
    await Promise.all(sending);
    await until(() => smtp.received.length >= addresses.length);
    await Promise.all([tandem, ...others].map(({ app }) => app.drain()));
    expect(smtp.received.map(({ to }) => to).sort()).toEqual(addresses.sort());
    expect((await outbox()).map(({ attempts }) => attempts)).toEqual(addresses.map(() => 1));
  });

  it('is sent by the next process if the first one was killed before it sent', async () => {
    // In production without SMTP a process claims nothing, as a process that was killed after the commit.
    const row = { id: 'left', template: 'test', parameters: '{}', toAddress: 'lin@example.com' };
    const now = new Date(tandem.clock.nowMs());
    await tandem.database.outgoingMail.create({ data: { ...row, nextAttemptAt: now, createdAt: now } });
    await tandem.startInstance();
    await until(() => smtp.received.length > 0);
    expect(smtp.received).toHaveLength(1);
  });

  it('is sent again ten minutes after its process was killed while it was sending', async () => {
    const now = new Date(tandem.clock.nowMs());
    const claimedUntil = new Date(now.getTime() + 10 * MINUTE * 1000);
    const row = { id: 'claimed', template: 'test', parameters: '{}', toAddress: 'lin@example.com', attempts: 1 };
    await tandem.database.outgoingMail.create({ data: { ...row, nextAttemptAt: claimedUntil, createdAt: now } });
    tandem.clock.advance(10 * MINUTE - 1);
    await tandem.app.sendDueMail();
    expect(smtp.attempts).toBe(0);
    tandem.clock.advance(1);
    await tandem.app.sendDueMail();
    expect(smtp.received).toHaveLength(1);
  });

  it('does not delay the response of the request that caused it', async () => {
    let answer = (): void => undefined;
    smtp.answerAfter = new Promise((resolve) => (answer = resolve));
    expect((await signUp(tandem, 'lin@example.com')).status).toBe(200);
    await until(() => smtp.attempts > 0);
    expect((await signUp(tandem, 'ada@example.com')).status).toBe(200);
    answer();
  });

  it('is not sent for a change that was rolled back', async () => {
    expect(refusal(await signUp(tandem, 'lin@example.com', { password: 'short' }))).toMatchObject({ status: 400 });
    await tandem.app.sendDueMail();
    expect(smtp.attempts).toBe(0);
  });
});

describe('the mail command', () => {
  it('sends a test mail', async () => {
    expect(await sendTestMail(tandem.config.mail, 'ada@example.com', tandem.clock)).toContain('ada@example.com');
    expect(smtp.received).toMatchObject([{ to: 'ada@example.com', subject: 'Test mail from Tandem' }]);
  });

  it('says why a test mail was not sent', async () => {
    smtp.behaviour = 'refuse';
    await expect(sendTestMail(tandem.config.mail, 'ada@example.com', tandem.clock)).rejects.toThrow('Try again later');
  });

  it('lists mails that failed, and makes the servers try them again', async () => {
    smtp.behaviour = 'refuse';
    await signUp(tandem, 'lin@example.com');
    await tandem.app.sendDueMail();
    expect(await listMails(tandem.database)).toMatch(/lin@example\.com +verify-email +1 .*Try again later/);
    smtp.behaviour = 'accept';
    await retryMails(tandem.database, tandem.clock);
    await tandem.app.sendDueMail();
    expect(smtp.received).toHaveLength(1);
    expect(await listMails(tandem.database)).toBe('All mails were sent.');
  });
});
