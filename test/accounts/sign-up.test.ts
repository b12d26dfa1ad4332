import { generateRefreshKey } from '../../src/keys/key-generation.js';
import { addToKeyRingFile } from '../../src/keys/key-ring-writing.js';
import { LOGIN, PASSWORD, PROTECTED, PRODUCTION, refusal, startTandem, type Tandem } from '../support/harness.js';
import { lastMailTo, mailsTo } from '../support/mail.js';
import { signedUp, signUp, verify } from '../support/sign-up.js';

const ANOTHER_PASSWORD = 'a passphrase of somebody else';
const UNUSABLE = { status: 400, code: 'BAD_USER_INPUT', reason: 'ONE_TIME_TOKEN_INVALID', recovery: 'FIX_INPUT' };
const WRONG = { status: 400, code: 'INVALID_CREDENTIALS', reason: 'WRONG_EMAIL_OR_PASSWORD', recovery: 'FIX_INPUT' };

let tandem: Tandem;
let count = 0;
let email: string;
beforeAll(async () => {
  tandem = await startTandem({ PUBLIC_URL: 'https://app.example/' });
});
beforeEach(() => {
  email = `lin-${(count += 1)}@example.com`;
});
afterAll(() => tandem.close());

function logIn(password = PASSWORD, address = email) {
  return tandem.send(LOGIN, { input: { email: address, password } });
}

describe('signUp', () => {
  it('mails a link under the public URL with the token in its fragment, and a code', async () => {
    const { mail } = await signedUp(tandem, email);
    expect(mail.link).toMatch(/^https:\/\/app\.example\/account\/verify#token=tandem_ot_[\w-]{64}$/);
    expect(mail.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(mail.html).toContain(mail.code);
    expect(mail.html).toContain(mail.link.replaceAll('&', '&amp;'));
  });

  it('does not take the link from headers of the request', async () => {
    const headers = { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example', origin: 'http://localhost' };
    const { continuation } = (
      await tandem.send(
        'mutation ($input: SignUpInput!) { signUp(input: $input) { continuation } }',
        { input: { email, password: PASSWORD, displayName: 'Lin' } },
        { headers },
      )
    ).data.signUp;
    expect(continuation).toMatch(/^tandem_su_/);
    expect((await lastMailTo(tandem, email)).text).not.toContain('evil.example');
  });

  it('creates no account before the address is verified', async () => {
    await signedUp(tandem, email);
    expect(await tandem.database.account.count({ where: { email } })).toBe(0);
    expect(refusal(await logIn())).toEqual(WRONG);
  });

  it('responds with the same bytes, apart from continuation and time, if the address has an account', async () => {
    const person = await tandem.person();
    const variable = /tandem_su_[\w-]{43}|\d{4}-\d\d-\d\dT[\d:.]+Z/g;
    const [taken, free] = [await signUp(tandem, person.email), await signUp(tandem, email)];
    expect(taken.text.replace(variable, '')).toBe(free.text.replace(variable, ''));
    expect(taken.text.length).toBe(free.text.length);
    expect(taken.status).toBe(free.status);
  });

  it('sends an account a mail without link and code', async () => {
    const person = await tandem.person();
    await signUp(tandem, person.email);
    const mail = await lastMailTo(tandem, person.email);
    expect([mail.link, mail.code]).toEqual(['', '']);
    expect(mail.subject).toBe('You already have an account');
  });

  it('writes the same rows whether or not the address has an account', async () => {
    const person = await tandem.person();
    const rowsOf = async (address: string) => ({
      signUps: await tandem.database.signUp.count({ where: { email: address } }),
      tokens: await tandem.database.oneTimeToken.count({ where: { email: address } }),
      mails: await tandem.database.outgoingMail.count({ where: { toAddress: address } }),
    });
    await Promise.all([signUp(tandem, person.email), signUp(tandem, email)]);
    expect(await rowsOf(person.email)).toEqual({ signUps: 1, tokens: 1, mails: 1 });
    expect(await rowsOf(email)).toEqual({ signUps: 1, tokens: 1, mails: 1 });
  });

  it('does not let the password of a pending sign-up tell whether the address has an account', async () => {
    const person = await tandem.person();
    await signUp(tandem, person.email, { password: ANOTHER_PASSWORD });
    await signUp(tandem, email, { password: ANOTHER_PASSWORD });
    const replies = [await logIn(ANOTHER_PASSWORD, person.email), await logIn(ANOTHER_PASSWORD)];
    expect(replies.map(refusal)).toEqual([WRONG, WRONG]);
    expect(replies[0]?.text).toBe(replies[1]?.text);
  });

  it.each([
    ['an address without a domain', { email: 'lin' }, 'email', 'INVALID_FORMAT'],
    ['two addresses', { email: 'a@example.com,b@example.com' }, 'email', 'INVALID_FORMAT'],
    ['an address with a line break', { email: 'a@example.com\r\nBcc: b@example.com' }, 'email', 'INVALID_FORMAT'],
    ['a short password', { password: 'too short' }, 'password', 'TOO_SHORT'],
    ['a password that is easy to guess', { password: 'passwordpassword1' }, 'password', 'EASY_TO_GUESS'],
    ['a blank display name', { displayName: ' ' }, 'displayName', 'BLANK'],
    ['a display name with a control character', { displayName: 'Lin\u0007' }, 'displayName', 'INVALID_CHARACTER'],
    ['a display name that reverses text', { displayName: 'Lin\u202e' }, 'displayName', 'INVALID_CHARACTER'],
  ])('rejects %s', async (_name, input, field, reason) => {
    const reply = await signUp(tandem, email, input);
    expect(reply.errors?.[0]?.extensions['fields']).toMatchObject([{ path: ['input', field], reason }]);
    expect(await tandem.database.signUp.count({ where: { email } })).toBe(0);
  });

  it('sends mail to the normalized address', async () => {
    const reply = await signUp(tandem, `  ${email.replace('example.com', 'BÜCHER.example').toUpperCase()} `);
    expect(reply.data.signUp.accepted).toBe(true);
    expect(await mailsTo(tandem, email.replace('example.com', 'xn--bcher-kva.example'))).toHaveLength(1);
  });

  it('is FORBIDDEN if registration is closed', async () => {
    const closed = await tandem.startInstance({ REGISTRATION: 'closed' });
    expect(refusal(await signUp(closed, email))).toMatchObject({ status: 403, code: 'FORBIDDEN' });
  });

  it('is SERVICE_UNAVAILABLE in production without an SMTP server', async () => {
    const production = await tandem.startInstance(PRODUCTION);
    expect(refusal(await signUp(production, email))).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE' });
  });
});

describe('verifyEmail', () => {
  it('activates the account for the client that signed up, and logs it in', async () => {
    const { continuation, mail } = await signedUp(tandem, email);
    const reply = await verify(tandem, { token: mail.token, continuation });
    expect(reply.data.verifyEmail).toMatchObject({ verified: true, tokenPair: { account: { email, role: 'MEMBER' } } });
    const { authToken, refreshToken } = reply.data.verifyEmail.tokenPair;
    expect((await tandem.send(PROTECTED, {}, { token: authToken })).status).toBe(200);
    expect((await tandem.refresh(refreshToken)).status).toBe(200);
    expect((await logIn()).status).toBe(200);
  });

  it.each([
    ['as it was mailed', (code: string) => code],
    ['in lower case, without the hyphen', (code: string) => code.replace('-', '').toLowerCase()],
    ['with O, I and L for digits', (code: string) => code.replaceAll('0', 'o').replaceAll('1', 'l')],
  ])('accepts the code %s', async (_name, typed) => {
    const { continuation, mail } = await signedUp(tandem, email);
    const reply = await verify(tandem, { email: email.toUpperCase(), code: typed(mail.code), continuation });
    expect(reply.data.verifyEmail.verified).toBe(true);
  });

  it('accepts the password of the sign-up instead of its continuation', async () => {
    const { mail } = await signedUp(tandem, email);
    expect((await verify(tandem, { token: mail.token, password: PASSWORD })).data.verifyEmail.verified).toBe(true);
  });

  it('accepts a new password with the code, and not with the link', async () => {
    const { mail } = await signedUp(tandem, email);
    const byLink = await verify(tandem, { token: mail.token, newPassword: ANOTHER_PASSWORD });
    expect(byLink.errors?.[0]?.extensions['fields']).toMatchObject([{ path: ['input', 'code'], reason: 'REQUIRED' }]);
    const byCode = await verify(tandem, { email, code: mail.code, newPassword: ANOTHER_PASSWORD });
    expect(byCode.data.verifyEmail.verified).toBe(true);
    expect((await logIn(ANOTHER_PASSWORD)).status).toBe(200);
    expect(refusal(await logIn())).toEqual(WRONG);
  });

  it('activates and consumes nothing without a proof of who signed up', async () => {
    const { continuation, mail } = await signedUp(tandem, email);
    for (const input of [{ token: mail.token }, { email, code: mail.code }, { token: mail.token, continuation: 'x' }]) {
      expect((await verify(tandem, input)).data.verifyEmail).toEqual({ verified: false, tokenPair: null });
    }
    expect(await tandem.database.account.count({ where: { email } })).toBe(0);
    expect((await verify(tandem, { token: mail.token, continuation })).data.verifyEmail.verified).toBe(true);
  });

  it('rejects a wrong password, after which the right one still works', async () => {
    const { mail } = await signedUp(tandem, email);
    const reply = await verify(tandem, { token: mail.token, password: ANOTHER_PASSWORD });
    expect(refusal(reply)).toMatchObject({ code: 'INVALID_CREDENTIALS', reason: 'WRONG_PASSWORD' });
    expect((await verify(tandem, { token: mail.token, password: PASSWORD })).data.verifyEmail.verified).toBe(true);
  });

  it('rejects a token that was used, that has expired, or that is something else', async () => {
    const { continuation, mail } = await signedUp(tandem, email);
    await verify(tandem, { token: mail.token, continuation });
    expect(refusal(await verify(tandem, { token: mail.token, continuation }))).toEqual(UNUSABLE);
    expect(refusal(await verify(tandem, { email, code: mail.code, continuation }))).toEqual(UNUSABLE);

    const { authToken, refreshToken } = await tandem.login();
    const forged = `${mail.token.slice(0, -1)}${mail.token.endsWith('A') ? 'B' : 'A'}`;
    for (const token of [authToken, refreshToken, forged, '', 'tandem_ot_', mail.code]) {
      expect(refusal(await verify(tandem, { token, continuation }))).toEqual(UNUSABLE);
    }

    const late = await signedUp(tandem, `late-${email}`);
    tandem.clock.advance(86_400);
    expect(refusal(await verify(tandem, { token: late.mail.token, continuation: late.continuation }))).toEqual(
      UNUSABLE,
    );
  });

  it('rejects the token of a link everywhere else', async () => {
    const { mail } = await signedUp(tandem, email);
    expect(refusal(await tandem.refresh(mail.token))).toMatchObject({ reason: 'REFRESH_TOKEN_UNKNOWN' });
    expect(refusal(await tandem.send(PROTECTED, {}, { token: mail.token }))).toMatchObject({ reason: 'TOKEN_INVALID' });
  });

  it.each([
    ['nothing', {}, 'token', 'REQUIRED'],
    ['a code without its address', { code: 'ABCD-EFGH' }, 'email', 'REQUIRED'],
    ['an address without a code', { email: 'a@example.com' }, 'code', 'REQUIRED'],
    ['a token and a code', { token: 't', email: 'a@example.com', code: 'c' }, 'code', 'MUTUALLY_EXCLUSIVE'],
  ])('rejects %s', async (_name, input, field, reason) => {
    const reply = await verify(tandem, input);
    expect(reply.errors?.[0]?.extensions['fields']).toMatchObject([{ path: ['input', field], reason }]);
  });

  it('activates one account if twenty requests carry the same proofs', async () => {
    const other = await tandem.startInstance();
    const { continuation, mail } = await signedUp(tandem, email);
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, index) => verify(index % 2 ? tandem : other, { token: mail.token, continuation })),
    );
    const won = replies.filter(({ data }) => data?.verifyEmail?.verified === true);
    expect(won).toHaveLength(1);
    const codes = new Set(replies.filter((reply) => !won.includes(reply)).map((reply) => refusal(reply)));
    for (const code of codes) expect(code).toEqual(UNUSABLE);
    expect(await tandem.database.account.count({ where: { email } })).toBe(1);
  });

  it('activates one account if two sign-ups of an address are verified at once', async () => {
    const [one, two] = [await signedUp(tandem, email), await signedUp(tandem, email)];
    const replies = await Promise.all([
      verify(tandem, { token: one.mail.token, continuation: one.continuation }),
      verify(tandem, { token: two.mail.token, continuation: two.continuation }),
    ]);
    expect(replies.filter(({ data }) => data?.verifyEmail?.verified === true)).toHaveLength(1);
    expect(replies.filter(({ errors }) => errors).map(({ status }) => status)).toEqual([expect.any(Number)]);
    expect(await tandem.database.account.count({ where: { email } })).toBe(1);
    expect(await tandem.database.signUp.count({ where: { email } })).toBe(0);
  });

  it('accepts any mail to the address from the client that signed up twice', async () => {
    const [one, two] = [await signedUp(tandem, email), await signedUp(tandem, email, { password: ANOTHER_PASSWORD })];
    const reply = await verify(tandem, { token: one.mail.token, continuation: two.continuation });
    expect(reply.data.verifyEmail.verified).toBe(true);
    expect((await logIn(ANOTHER_PASSWORD)).status).toBe(200);
  });

  it('keeps a mailed token valid when the secret of refresh tokens rotates', async () => {
    const { continuation, mail } = await signedUp(tandem, email);
    const [before] = await tandem.database.oneTimeToken.findMany({ where: { email } });
    addToKeyRingFile(tandem.keyRingPath, [generateRefreshKey(Math.floor(tandem.clock.nowMs() / 1000))]);
    const rotated = await tandem.startInstance();
    const later = await signedUp(rotated, `later-${email}`);
    const [after] = await tandem.database.oneTimeToken.findMany({ where: { email: `later-${email}` } });
    expect(after?.keyId).not.toBe(before?.keyId);
    expect((await verify(rotated, { token: mail.token, continuation })).data.verifyEmail.verified).toBe(true);
    expect((await verify(rotated, { token: later.mail.token, continuation: later.continuation })).status).toBe(200);
  });
});

describe('a stranger who signs up with the address of another person', () => {
  const stranger = { password: ANOTHER_PASSWORD, displayName: 'Mallory' };

  it.each(['before', 'after'])('cannot log in if they sign up %s that person, who then verifies', async (order) => {
    let strange = order === 'before' ? await signedUp(tandem, email, stranger) : undefined;
    const own = await signedUp(tandem, email);
    strange ??= await signedUp(tandem, email, stranger);
    // Whichever mail the person opens, the secret of their own sign-up selects it.
    const { data } = await verify(tandem, { token: strange.mail.token, continuation: own.continuation });
    expect(data.verifyEmail).toMatchObject({ verified: true, tokenPair: { account: { email } } });
    expect(refusal(await logIn(ANOTHER_PASSWORD))).toEqual(WRONG);
    expect(refusal(await verify(tandem, { token: own.mail.token, continuation: strange.continuation }))).toEqual(
      UNUSABLE,
    );
    expect((await logIn()).status).toBe(200);
  });

  it('cannot log in after a program or the person has opened the link of the stranger', async () => {
    const strange = await signedUp(tandem, email, stranger);
    expect((await verify(tandem, { token: strange.mail.token })).data.verifyEmail.verified).toBe(false);
    expect(refusal(await logIn(ANOTHER_PASSWORD))).toEqual(WRONG);
  });

  it('cannot log in if the person then chooses a password with the code', async () => {
    const strange = await signedUp(tandem, email, stranger);
    const { data } = await verify(tandem, { email, code: strange.mail.code, newPassword: PASSWORD });
    expect(data.verifyEmail.verified).toBe(true);
    expect(refusal(await logIn(ANOTHER_PASSWORD))).toEqual(WRONG);
  });
});
