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
import { lastMailTo } from '../support/mail.js';
import { NEW_PASSWORD, requestReset, reset, resetMail } from '../support/password-reset.js';
import { signedUp } from '../support/sign-up.js';

const UNUSABLE = { status: 400, code: 'BAD_USER_INPUT', reason: 'ONE_TIME_TOKEN_INVALID', recovery: 'FIX_INPUT' };
const LIMITED = { status: 429, code: 'RATE_LIMITED', reason: null, recovery: 'RETRY' };
const CHANGE = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { authToken } }';
const EVENTS = '{ me { securityEvents(first: 9) { nodes { kind endReason } } } }';

let tandem: Tandem;
let person: Person;
let count = 0;
beforeAll(async () => {
  tandem = await startTandem({ PUBLIC_URL: 'https://app.example', TRUSTED_PROXIES: '127.0.0.1' });
});
beforeEach(async () => {
  person = await tandem.person();
});
afterAll(() => tandem.close());

const nobody = () => `nobody-${(count += 1)}@example.com`;
const logIn = (password: string) => tandem.send(LOGIN, { input: { email: person.email, password } });
const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });

describe('requestPasswordReset', () => {
  it('mails a link under the public URL, and a code', async () => {
    await requestReset(tandem, person.email.toUpperCase());
    const mail = await lastMailTo(tandem, person.email);
    expect(mail.link).toMatch(/^https:\/\/app\.example\/account\/reset-password#token=tandem_ot_[\w-]{64}$/);
    expect(mail.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
  });

  it('does not take the link from headers of the request', async () => {
    const headers = { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example', origin: 'http://localhost' };
    await requestReset(tandem, person.email, { headers });
    const { text, html } = await lastMailTo(tandem, person.email);
    expect(text + html).not.toContain('evil.example');
  });

  it('responds with the same bytes, and writes the same rows, if the address has no account', async () => {
    const unknown = nobody();
    const [known, other] = [await requestReset(tandem, person.email), await requestReset(tandem, unknown)];
    expect([other.status, other.text]).toEqual([known.status, known.text]);
    const { oneTimeToken, outgoingMail } = tandem.database;
    for (const email of [person.email, unknown]) {
      expect(await oneTimeToken.count({ where: { email, supersededAt: null } })).toBe(1);
      expect(await outgoingMail.count({ where: { toAddress: email } })).toBe(1);
    }
  });

  it.each([
    ['without an account', async () => nobody()],
    [
      'of a disabled account',
      async () => {
        await tandem.disable(person.id);
        return person.email;
      },
    ],
    [
      'of a sign-up that is not verified',
      async () => {
        const email = nobody();
        await signedUp(tandem, email);
        return email;
      },
    ],
  ])('sends an address %s a mail without link and code', async (_name, addressOf) => {
    const { subject, link, code } = await resetMail(tandem, await addressOf());
    expect([subject, link, code]).toEqual(['There is no account with this address', '', '']);
  });

  it('rejects what is not an e-mail address', async () => {
    const reply = await requestReset(tandem, 'a@example.com,b@example.com');
    expect(reply.errors?.[0]?.extensions['fields']).toMatchObject([
      { path: ['input', 'email'], reason: 'INVALID_FORMAT' },
    ]);
  });

  it('is SERVICE_UNAVAILABLE in production without an SMTP server', async () => {
    const production = await tandem.startInstance(PRODUCTION);
    expect(refusal(await requestReset(production, person.email))).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it.each(['with', 'without'])('is limited for an address %s an account', async (which) => {
    const limited = await tandem.startInstance({ MAILS_PER_ACCOUNT_AND_HOUR: '2' });
    const email = which === 'with' ? person.email : nobody();
    for (const last of [1, 2]) expect((await requestReset(limited, email, from(`192.0.2.${last}`))).status).toBe(200);
    expect(refusal(await requestReset(limited, email, from('192.0.2.3')))).toEqual(LIMITED);
    expect(await tandem.database.outgoingMail.count({ where: { toAddress: email } })).toBe(2);
  });
});

describe('resetPassword', () => {
  it.each([
    ['the token of the link', ({ token }: { token: string }) => ({ token })],
    ['the address and the code', ({ code }: { code: string }) => ({ email: person.email, code })],
  ])('replaces the password with %s', async (_name, proofOf) => {
    const reply = await reset(tandem, proofOf(await resetMail(tandem, person.email)));
    expect(reply.data).toEqual({ resetPassword: { accepted: true } });
    expect((await logIn(PASSWORD)).status).toBe(400);
    expect((await logIn(NEW_PASSWORD)).status).toBe(200);
  });

  it('revokes every session of the account, and no other', async () => {
    const [phone, tablet, stranger] = [await tandem.login(person), await tandem.login(person), await tandem.login()];
    // With a session of its own: it is revoked, too.
    const { token } = await resetMail(tandem, person.email);
    await reset(tandem, { token }, { token: phone.authToken });
    for (const { authToken, refreshToken } of [phone, tablet]) {
      expect(refusal(await tandem.send(PROTECTED, {}, { token: authToken }))).toMatchObject({
        reason: 'TOKEN_REVOKED',
      });
      expect(refusal(await tandem.refresh(refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REVOKED' });
    }
    expect((await tandem.send(PROTECTED, {}, { token: stranger.authToken })).status).toBe(200);
  });

  it('records the reset and the revoked session', async () => {
    await tandem.login(person);
    await reset(tandem, { token: (await resetMail(tandem, person.email)).token });
    const { authToken: token } = (await logIn(NEW_PASSWORD)).data.login;
    const { nodes } = (await tandem.send(EVENTS, {}, { token })).data.me.securityEvents;
    expect(nodes).toMatchObject([
      { kind: 'LOGGED_IN' },
      { kind: 'SESSION_ENDED', endReason: 'PASSWORD_CHANGED' },
      { kind: 'PASSWORD_RESET' },
      { kind: 'LOGGED_IN_ON_NEW_DEVICE' },
    ]);
  });

  it('accepts a token once', async () => {
    const { token } = await resetMail(tandem, person.email);
    expect((await reset(tandem, { token })).status).toBe(200);
    expect(refusal(await reset(tandem, { token, newPassword: 'another passphrase of mine' }))).toEqual(UNUSABLE);
    expect((await logIn(NEW_PASSWORD)).status).toBe(200);
  });

  it('lets one of twenty requests at the same moment use a token', async () => {
    const { token, code } = await resetMail(tandem, person.email);
    const passwords = Array.from({ length: 20 }, (_, index) => `a passphrase with the number ${index}`);
    const replies = await Promise.all(
      passwords.map((newPassword, index) =>
        // From one client address, five codes may be tried at once.
        reset(tandem, index % 5 ? { token, newPassword } : { email: person.email, code, newPassword }),
      ),
    );
    const winners = passwords.filter((_password, index) => replies[index]?.status === 200);
    expect(winners).toHaveLength(1);
    for (const reply of replies.filter(({ status }) => status !== 200)) expect(refusal(reply)).toEqual(UNUSABLE);
    expect((await logIn(winners[0] ?? '')).status).toBe(200);
  });

  it.each<[string, (first: { token: string; code: string }) => Promise<object>]>([
    [
      'after an hour',
      async (mail) => {
        tandem.clock.advance(3600);
        return mail;
      },
    ],
    [
      'when a newer one was mailed',
      async (mail) => {
        await resetMail(tandem, person.email);
        return mail;
      },
    ],
    [
      'after the password was changed',
      async (mail) => {
        const { authToken: token } = await tandem.login(person);
        const input = { currentPassword: PASSWORD, newPassword: 'a passphrase that is new here' };
        expect((await tandem.send(CHANGE, { input }, { token })).status).toBe(200);
        return mail;
      },
    ],
    [
      'after the account was disabled',
      async (mail) => {
        await tandem.disable(person.id);
        return mail;
      },
    ],
    [
      'with a changed character',
      async ({ token }) => ({ token: token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A') }),
    ],
    ['that verifies an address', async () => ({ token: (await signedUp(tandem, nobody())).mail.token })],
    ['that is an auth token', async () => ({ token: (await tandem.login()).authToken })],
  ])('rejects a token %s', async (_name, presentedAfter) => {
    const { token } = (await presentedAfter(await resetMail(tandem, person.email))) as { token: string };
    expect(refusal(await reset(tandem, { token }))).toEqual(UNUSABLE);
  });

  it('rejects the code of another account', async () => {
    const { code } = await resetMail(tandem, (await tandem.person()).email);
    await resetMail(tandem, person.email);
    expect(refusal(await reset(tandem, { email: person.email, code }))).toEqual(UNUSABLE);
  });

  it('does not accept its token as an auth token', async () => {
    const { token } = await resetMail(tandem, person.email);
    expect(refusal(await tandem.send(PROTECTED, {}, { token }))).toMatchObject({ reason: 'TOKEN_INVALID' });
  });

  it('rejects a password that is easy to guess, and leaves the token valid', async () => {
    const { token } = await resetMail(tandem, person.email);
    const reply = await reset(tandem, { token, newPassword: 'passwordpassword1' });
    expect(reply.errors?.[0]?.extensions['fields']).toMatchObject([
      { path: ['input', 'newPassword'], reason: 'EASY_TO_GUESS' },
    ]);
    expect((await reset(tandem, { token })).status).toBe(200);
  });

  it.each([
    ['neither token nor code', {}, 'token', 'REQUIRED'],
    ['a code without the address', { code: 'ABCD-EFGH' }, 'email', 'REQUIRED'],
    ['both token and code', { token: 'x', code: 'ABCD-EFGH' }, 'code', 'MUTUALLY_EXCLUSIVE'],
  ])('rejects %s', async (_name, proof, field, reason) => {
    const reply = await reset(tandem, proof);
    expect(reply.errors?.[0]?.extensions['fields']).toMatchObject([{ path: ['input', field], reason }]);
  });

  it('allows five guesses of a code from one client address, and leaves the link alone', async () => {
    const { code, token } = await resetMail(tandem, person.email);
    const wrong = code === '0000-0000' ? '1111-1111' : '0000-0000';
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      expect(refusal(await reset(tandem, { email: person.email, code: wrong }))).toEqual(UNUSABLE);
    }
    expect(refusal(await reset(tandem, { email: person.email, code }))).toEqual(LIMITED);
    expect((await reset(tandem, { token })).status).toBe(200);
  });

  it('limits guesses in the same way if the address has no account', async () => {
    const email = nobody();
    await requestReset(tandem, email);
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      expect(refusal(await reset(tandem, { email, code: '0000-0000' }))).toEqual(UNUSABLE);
    }
    expect(refusal(await reset(tandem, { email, code: '0000-0000' }))).toEqual(LIMITED);
  });

  it('stores and logs neither token nor code', async () => {
    const { token, code } = await resetMail(tandem, person.email);
    await reset(tandem, { token });
    const rows = JSON.stringify([
      await tandem.database.oneTimeToken.findMany(),
      await tandem.database.outgoingMail.findMany(),
    ]);
    for (const secret of [token, code, code.replace('-', ''), NEW_PASSWORD]) {
      expect(rows).not.toContain(secret);
      expect(tandem.log()).not.toContain(secret);
    }
  });
});
