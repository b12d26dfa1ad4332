import { invite, listInvitations, revokeInvitation } from '../../src/cli/invitation-commands.js';
import { LOGIN, PASSWORD, refusal, startTandem, type Tandem } from '../support/harness.js';
import { sendForm } from '../support/account-page.js';
import { lastMailTo, mailsTo, type ReceivedMail } from '../support/mail.js';
import { operate } from '../support/operator.js';
import { resetMail } from '../support/password-reset.js';
import { signUp, verify } from '../support/sign-up.js';

const REQUIRED = { status: 403, code: 'FORBIDDEN', reason: 'INVITATION_REQUIRED', recovery: 'NONE' };
const DAY = 86_400;

describe('registration by invitation', () => {
  let tandem: Tandem;
  let email: string;
  let count = 0;
  beforeAll(async () => (tandem = await startTandem({ REGISTRATION: 'invitation' })));
  beforeEach(() => (email = `lin-${(count += 1)}@example.com`));
  afterAll(() => tandem.close());

  const command = (run: typeof invite, address = email, days?: string) =>
    operate(run, tandem, { id: '', email: address }, [], { days });
  const invited = async (days?: string): Promise<ReceivedMail> => {
    await command(invite, email, days);
    return lastMailTo(tandem, email);
  };
  const pending = () => tandem.database.signUp.count({ where: { email } });

  it.each(['token', 'code'] as const)('accepts the %s of the mail, and still verifies the address', async (proof) => {
    const mail = await invited();
    expect([mail.subject, new URL(mail.link).pathname]).toEqual(['You are invited to Tandem', '/account/sign-up']);
    const reply = await signUp(tandem, email.toUpperCase(), { invitation: mail[proof] });
    expect(reply.data.signUp.accepted).toBe(true);
    expect((await tandem.send(LOGIN, { input: { email, password: PASSWORD } })).status).toBe(400);
    const { token } = (await mailsTo(tandem, email)).find(({ subject }) => subject.startsWith('Confirm')) ?? mail;
    const { continuation } = reply.data.signUp;
    expect((await verify(tandem, { token, continuation })).data.verifyEmail.verified).toBe(true);
    expect((await tandem.send(LOGIN, { input: { email, password: PASSWORD } })).status).toBe(200);
    expect(await tandem.database.oneTimeToken.count({ where: { email } })).toBe(0);
  });

  it('rejects a sign-up without a valid invitation, with the same response whoever has an account', async () => {
    const person = await tandem.person();
    const { token, code } = await invited();
    const ofReset = await resetMail(tandem, person.email);
    const replies = [
      await signUp(tandem, email),
      await signUp(tandem, person.email),
      await signUp(tandem, `nobody-${email}`, { invitation: token }),
      await signUp(tandem, `nobody-${email}`, { invitation: code }),
      await signUp(tandem, person.email, { invitation: token }),
      await signUp(tandem, person.email, { invitation: ofReset.token }),
      await signUp(tandem, person.email, { invitation: ofReset.code }),
      await signUp(tandem, email, { invitation: `${token}x` }),
      await signUp(tandem, email, { invitation: 'ZZZZ-ZZZZ' }),
    ];
    expect(replies.map(refusal)).toEqual(replies.map(() => REQUIRED));
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
    expect(await tandem.database.signUp.count()).toBe(0);
  });

  it('does not tell by a limit of wrong codes which addresses are invited', async () => {
    await invited();
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      expect(refusal(await signUp(tandem, email, { invitation: 'ZZZZ-ZZZZ' }))).toEqual(REQUIRED);
    }
  });

  it('accepts an invitation once, also at the same moment', async () => {
    const { token } = await invited();
    const replies = await Promise.all([1, 2, 3].map(() => signUp(tandem, email, { invitation: token })));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 403, 403]);
    expect(refusal(await signUp(tandem, email, { invitation: token }))).toEqual(REQUIRED);
    expect(await pending()).toBe(1);
  });

  it('keeps the invitation if the sign-up is rejected for another reason', async () => {
    const { code } = await invited();
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      const reply = await signUp(tandem, email, { invitation: code, password: 'passwordpassword1' });
      expect(reply.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
    }
    expect((await signUp(tandem, email, { invitation: code })).status).toBe(200);
  });

  it.each([
    [undefined, 7],
    ['30', 30],
  ])('lets invitations with the option %s expire after %d days', async (option, days) => {
    const { token } = await invited(option);
    tandem.clock.advance(days * DAY - 1);
    expect(await command(listInvitations)).toContain(email);
    tandem.clock.advance(1);
    expect(await command(listInvitations)).not.toContain(email);
    expect(refusal(await signUp(tandem, email, { invitation: token }))).toEqual(REQUIRED);
  });

  it.each(['', '0', '91', '1.5', 'x'])('rejects %j days', async (days) => {
    await expect(command(invite, email, days)).rejects.toThrow('--days must be a whole number from 1 to 90.');
  });

  it('replaces the invitation of an address by a newer one, and revokes it', async () => {
    const first = await invited();
    tandem.clock.advance(1);
    const second = await invited();
    expect(refusal(await signUp(tandem, email, { invitation: first.token }))).toEqual(REQUIRED);
    await command(revokeInvitation, email);
    expect(refusal(await signUp(tandem, email, { invitation: second.token }))).toEqual(REQUIRED);
    await expect(command(revokeInvitation, email)).rejects.toMatchObject({ kind: 'NOT_FOUND' });
  });

  it('invites no address that has an account', async () => {
    const person = await tandem.person();
    await expect(command(invite, person.email)).rejects.toMatchObject({ kind: 'CONFLICT' });
  });

  it('prints the link only if no SMTP server sends it, and writes no mail that nobody would send', async () => {
    expect(await command(invite, email)).toMatch(/Link {2}http.*#token=tandem_ot_[\w-]+\n {2}Code {2}[0-9A-Z]{4}-/);
    const { config, clock } = tandem;
    const operateWith = (mail: Partial<typeof config.mail>) =>
      operate(invite, { config: { ...config, mail: { ...config.mail, ...mail } }, clock }, { id: '', email: other });
    const other = `other-${email}`;
    expect(await operateWith({ production: true })).toMatch(/#token=/);
    expect(await tandem.database.outgoingMail.count({ where: { toAddress: other } })).toBe(0);
    expect(await operateWith({ production: true, smtpUrl: 'smtp://127.0.0.1:1' })).not.toMatch(/token|Code/);
    expect(await tandem.database.outgoingMail.count({ where: { toAddress: other } })).toBe(1);
  });

  it('has a page that needs the typed code', async () => {
    const { token, code } = await invited();
    const fill = (fields: Record<string, string>) =>
      sendForm(tandem, '/account/sign-up', {
        form: 'code',
        email,
        displayName: 'Lin',
        newPassword: PASSWORD,
        ...fields,
      });
    expect((await fill({ token })).status).toBe(400);
    expect((await fill({ token, code: 'ZZZZ-ZZZZ' })).status).toBe(403);
    expect((await fill({ code, newPassword: 'passwordpassword1' })).html).toContain('id="code-newPassword-problem"');
    expect((await fill({ code, displayName: 'Lin\u202e' })).html).toContain('id="code-displayName-problem"');
    expect(await pending()).toBe(0);
    expect((await fill({ code })).status).toBe(200);
    expect(await pending()).toBe(1);
  });
});

describe('open registration', () => {
  it('ignores invitations', async () => {
    const tandem = await startTandem();
    expect((await signUp(tandem, 'lin@example.com', { invitation: 'ZZZZ-ZZZZ' })).status).toBe(200);
    await tandem.close();
  });
});
