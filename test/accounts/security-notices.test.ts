import { cleanUp } from '../support/cleanup.js';
import {
  LOGIN,
  PASSWORD,
  PRODUCTION,
  PROTECTED,
  refusal,
  startTandem,
  type Person,
  type Tandem,
} from '../support/harness.js';
import { lastMailTo, mailsTo } from '../support/mail.js';
import { operate } from '../support/operator.js';
import { NEW_PASSWORD, reset, resetMail } from '../support/password-reset.js';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
const NEWER_FIREFOX = FIREFOX.replaceAll('145', '146');
const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const HOSTILE = 'Call https://evil.example now! <b>{{code}}</b>';
const HOME = '192.0.2.1';
const DAY = 86_400;
const NEW_DEVICE = 'New login to your account';
const CHANGE = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { authToken refreshToken } }`;
const REVOKE = 'mutation ($input: RevokeReportedSessionInput!) { revokeReportedSession(input: $input) { accepted } }';
const EVENTS = '{ me { securityEvents(first: 20) { nodes { kind sessionId endReason ipAddress } } } }';
const UNUSABLE = { status: 400, code: 'BAD_USER_INPUT', reason: 'ONE_TIME_TOKEN_INVALID', recovery: 'FIX_INPUT' };

let tandem: Tandem;
let person: Person;
beforeAll(async () => (tandem = await startTandem({ TRUSTED_PROXIES: '127.0.0.1' })));
beforeEach(async () => (person = await tandem.person()));
afterAll(() => tandem.close());

const from = (ipAddress: string, userAgent = FIREFOX) => ({
  headers: { 'x-forwarded-for': ipAddress, 'user-agent': userAgent },
});
const logIn = (ipAddress: string, userAgent?: string) => tandem.login(person, from(ipAddress, userAgent));
const subjects = async () => (await mailsTo(tandem, person.email)).map(({ subject }) => subject);
const revoke = (input: object) => tandem.send(REVOKE, { input });
const works = async ({ authToken }: { authToken: string }) =>
  (await tandem.send(PROTECTED, {}, { token: authToken })).status === 200;

describe('a login', () => {
  it('sends no notice when it is the first, or when the client is known, whatever its version', async () => {
    await logIn(HOME);
    await logIn(HOME, NEWER_FIREFOX);
    tandem.clock.advance(89 * DAY);
    await logIn(HOME);
    expect(await subjects()).toEqual([]);
  });

  it.each([
    ['network', '192.0.2.2', FIREFOX, 'Firefox on Linux'],
    ['User-Agent header', HOME, CHROME, 'Chrome on Windows'],
    ['hostile User-Agent header', HOME, HOSTILE, 'unknown'],
  ])('with another %s sends a notice with address, device and time', async (_what, ipAddress, userAgent, device) => {
    await logIn(HOME);
    await logIn(ipAddress, userAgent);
    const { subject, text, html, link } = await lastMailTo(tandem, person.email);
    expect([subject, new URL(link).pathname]).toEqual([NEW_DEVICE, '/account/revoke-session']);
    const time = new Date(tandem.clock.nowMs()).toISOString().slice(0, 16).replace('T', ' ');
    expect(text).toContain(`Time: ${time}`);
    expect(text).toContain(`IP address: ${ipAddress}\nDevice: ${device}\n`);
    expect(text + html).not.toContain('evil');
  });

  it('sends a notice though its client sends a known device name', async () => {
    await tandem.send(LOGIN, { input: { ...credentials(), deviceName: 'laptop' } }, from(HOME));
    await tandem.send(LOGIN, { input: { ...credentials(), deviceName: 'laptop' } }, from('192.0.2.2', CHROME));
    expect(await subjects()).toEqual([NEW_DEVICE]);
    expect((await lastMailTo(tandem, person.email)).text).not.toContain('laptop');
  });

  it('sends four notices a day at most', async () => {
    for (let host = 1; host <= 7; host += 1) await logIn(`198.51.100.${host}`);
    expect(await subjects()).toHaveLength(4);
    tandem.clock.advance(DAY + 1);
    await logIn('198.51.100.8');
    expect(await subjects()).toHaveLength(5);
  });

  it('succeeds in production without SMTP, and writes no mail', async () => {
    const production = await tandem.startInstance(PRODUCTION);
    await logIn(HOME);
    expect((await production.send(LOGIN, { input: credentials() }, from('192.0.2.2'))).status).toBe(200);
    expect(await tandem.database.outgoingMail.count({ where: { accountId: person.id } })).toBe(0);
  });
});

describe('a changed password', () => {
  it('sends a notice that revokes the session that changed it', async () => {
    const tokens = await logIn(HOME);
    const changed = await change(tokens.authToken, PASSWORD, NEW_PASSWORD);
    const { subject, token } = await lastMailTo(tandem, person.email);
    expect(subject).toBe('Your password was changed');
    expect((await revoke({ token })).data).toEqual({ revokeReportedSession: { accepted: true } });
    expect(refusal(await tandem.refresh(changed.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REVOKED' });
  });

  it('does not void the link of an earlier notice', async () => {
    await logIn(HOME);
    const thief = await logIn('192.0.2.66');
    const { token } = await lastMailTo(tandem, person.email);
    const { authToken } = await change(thief.authToken, PASSWORD, NEW_PASSWORD);
    expect((await mailsTo(tandem, person.email)).map((mail) => mail.token)).toContain(token);
    expect((await revoke({ token })).status).toBe(200);
    expect(await works({ authToken })).toBe(false);
  });

  it('by means of a mail sends a notice without a link to a session', async () => {
    const { token } = await resetMail(tandem, person.email);
    await reset(tandem, { token }, from(HOME));
    const mail = (await mailsTo(tandem, person.email)).find(({ subject }) => subject === 'Your password was reset');
    expect([mail?.token, mail?.code, new URL(mail?.link ?? '').pathname]).toEqual(['', '', '/account/reset-password']);
    expect(mail?.text).toContain(`IP address: ${HOME}\nDevice: `);
  });
});

describe('a password that an operator set', () => {
  it('sends a notice', async () => {
    await operate(({ accounts }) => accounts.setPassword(person.email, NEW_PASSWORD).then(String), tandem, person);
    expect(await subjects()).toEqual(['An operator set a new password for your account']);
  });
});

describe('a notice', () => {
  it('is part of the data export, with its token, and is deleted with the account', async () => {
    await logIn(HOME);
    const { authToken: token, sessionId } = await logIn('192.0.2.2');
    const exported = JSON.parse((await tandem.send('{ exportMyData { data } }', {}, { token })).data.exportMyData.data);
    expect(exported.oneTimeTokens).toMatchObject([{ purpose: 'REVOKE_SESSION', sessionId }]);
    expect(exported.mails).toMatchObject([{ template: 'new-device', toAddress: person.email }]);
    expect(JSON.parse(exported.mails[0].parameters)).toMatchObject({
      ipAddress: '192.0.2.2',
      device: 'Firefox on Linux',
    });
    const { data } = await tandem.send('mutation { deleteAccount { accepted } }', {}, { token });
    expect(data.deleteAccount.accepted).toBe(true);
    tandem.clock.advance(8 * DAY);
    await cleanUp(tandem);
    const where = { accountId: person.id };
    expect(await tandem.database.outgoingMail.count({ where })).toBe(0);
    expect(await tandem.database.oneTimeToken.count({ where })).toBe(0);
  });
});

describe('a reused refresh token', () => {
  it('sends a notice with the client that presented it', async () => {
    const first = await logIn(HOME);
    const { data } = await tandem.refresh(first.refreshToken);
    await works(data.refreshToken);
    tandem.clock.advance(60);
    await tandem.refresh(first.refreshToken, from('192.0.2.66', CHROME));
    const { subject, text, token } = await lastMailTo(tandem, person.email);
    expect(subject).toBe('A device was logged out, because its login may have been copied');
    expect(text).toContain('IP address: 192.0.2.66\nDevice: Chrome on Windows\n');
    expect(token).toBe('');
  });
});

describe('many failed logins', () => {
  const fail = async (count: number, email = person.email) => {
    for (let time = 0; time < count; time += 1) {
      const input = { email, password: 'a wrong passphrase here' };
      const reply = await tandem.send(LOGIN, { input }, from(`192.0.2.${time + 1}`));
      expect(reply.status).toBe(400);
    }
    await tandem.app.drain();
  };

  it('send one notice a day, whose text names the network and the number', async () => {
    await fail(12);
    expect(await subjects()).toEqual([]);
    await fail(8);
    await fail(20);
    const [mail, ...others] = await mailsTo(tandem, person.email);
    expect([mail?.subject, others]).toEqual(['Many failed logins to your account', []]);
    expect(mail?.text).toMatch(/20 times within 24 hours[^]*IP address: 192\.0\.2\.0\/28\n/);
    tandem.clock.advance(DAY + 1);
    await fail(5);
    expect(await subjects()).toHaveLength(1);
    await fail(15);
    expect(await subjects()).toHaveLength(2);
  });

  it('send nothing to an address without an account', async () => {
    await fail(25, `nobody-${person.email}`);
    expect(await mailsTo(tandem, `nobody-${person.email}`)).toEqual([]);
    expect(await tandem.database.outgoingMail.count({ where: { toAddress: `nobody-${person.email}` } })).toBe(0);
  });
});

describe('revokeReportedSession', () => {
  it.each(['token', 'code'] as const)('revokes that session alone, with the %s, once', async (proof) => {
    const own = await logIn(HOME);
    const thief = await logIn('192.0.2.66');
    const mail = await lastMailTo(tandem, person.email);
    const input = proof === 'token' ? { token: mail.token } : { email: person.email, code: mail.code };
    expect((await revoke(input)).status).toBe(200);
    expect([await works(own), await works(thief)]).toEqual([true, false]);
    expect(refusal(await revoke(input))).toEqual(UNUSABLE);
    const { data } = await tandem.send(EVENTS, {}, { token: own.authToken });
    expect(data.me.securityEvents.nodes.slice(0, 2)).toMatchObject([
      { kind: 'SESSION_ENDED', sessionId: thief.sessionId, endReason: 'REVOKED' },
      { kind: 'SESSION_REPORTED', sessionId: thief.sessionId },
    ]);
  });

  it('accepts one of several requests at the same moment', async () => {
    await logIn(HOME);
    await logIn('192.0.2.66');
    const { token } = await lastMailTo(tandem, person.email);
    const replies = await Promise.all([1, 2, 3].map(() => revoke({ token })));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
  });

  it('causes another notice at the next login from there, also if the session had ended', async () => {
    const own = await logIn(HOME);
    const thief = await logIn('192.0.2.66');
    await tandem.send('mutation { logout { loggedOut } }', {}, { token: thief.authToken });
    await revoke({ token: (await lastMailTo(tandem, person.email)).token });
    await logIn('192.0.2.66');
    expect(await subjects()).toEqual([NEW_DEVICE, NEW_DEVICE]);
    expect(await works(own)).toBe(true);
  });

  it('accepts no token of another purpose, and its token does nothing else', async () => {
    await logIn(HOME);
    await logIn('192.0.2.66');
    const notice = await lastMailTo(tandem, person.email);
    expect(refusal(await reset(tandem, { token: notice.token }))).toEqual(UNUSABLE);
    expect(refusal(await reset(tandem, { email: person.email, code: notice.code }))).toEqual(UNUSABLE);
    const other = await resetMail(tandem, person.email);
    expect(refusal(await revoke({ token: other.token }))).toEqual(UNUSABLE);
    expect(refusal(await revoke({ email: person.email, code: other.code }))).toEqual(UNUSABLE);
  });

  it('accepts the mail for 7 days', async () => {
    await logIn(HOME);
    await logIn('192.0.2.66');
    const { token } = await lastMailTo(tandem, person.email);
    tandem.clock.advance(7 * DAY);
    expect(refusal(await revoke({ token }))).toEqual(UNUSABLE);
  });
});

const credentials = () => ({ email: person.email, password: PASSWORD });

async function change(token: string, currentPassword: string, newPassword: string) {
  const reply = await tandem.send(CHANGE, { input: { currentPassword, newPassword } }, { token });
  expect(reply.status).toBe(200);
  return reply.data.changePassword as { authToken: string; refreshToken: string };
}
