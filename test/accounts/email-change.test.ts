import {
  LOGIN,
  PASSWORD,
  PROTECTED,
  refusal,
  startTandem,
  type Person,
  type Tandem,
  type Tokens,
} from '../support/harness.js';
import { accountAdministration } from '../../src/app/account-administration.js';
import { createLogger } from '../../src/shared/logger.js';
import { lastMailTo, mailsTo } from '../support/mail.js';
import { NEW_PASSWORD, reset, resetMail } from '../support/password-reset.js';
import { signedUp, verify } from '../support/sign-up.js';

const CHANGE = 'mutation ($input: ChangeEmailInput!) { changeEmail(input: $input) { accepted } }';
const CONFIRM = `mutation ($input: ConfirmEmailChangeInput!) { confirmEmailChange(input: $input) {
  account { email pendingEmail } } }`;
const UNDO = 'mutation ($input: UndoEmailChangeInput!) { undoEmailChange(input: $input) { accepted } }';
const RESEND = 'mutation { resendEmailChange { accepted } }';
const CANCEL = 'mutation { cancelEmailChange { account { email pendingEmail } } }';
const ME = '{ me { email pendingEmail } }';
const UNUSABLE = { status: 400, code: 'BAD_USER_INPUT', reason: 'ONE_TIME_TOKEN_INVALID', recovery: 'FIX_INPUT' };

let tandem: Tandem;
let person: Person;
let tokens: Tokens;
let newEmail: string;
let count = 0;
beforeAll(async () => (tandem = await startTandem()));
beforeEach(async () => {
  person = await tandem.person();
  tokens = await tandem.login(person);
  newEmail = `new-${(count += 1)}@example.com`;
});
afterAll(() => tandem.close());

const own = () => ({ token: tokens.authToken });
const request = (email = newEmail) => tandem.send(CHANGE, { input: { newEmail: email } }, own());
const confirm = (input: object) => tandem.send(CONFIRM, { input }, own());
const undo = (input: object) => tandem.send(UNDO, { input });
const logIn = (email: string, password = PASSWORD) => tandem.send(LOGIN, { input: { email, password } });
const me = async () => (await tandem.send(ME, {}, own())).data.me;

/** Changes the address, and reads the mail to the previous one. */
async function changed(email = newEmail, from = person.email) {
  await request(email);
  const { token } = await lastMailTo(tandem, email);
  expect((await confirm({ token })).status).toBe(200);
  return lastMailTo(tandem, from);
}

describe('changeEmail', () => {
  it('changes nothing before the new address is confirmed', async () => {
    expect((await request()).data).toEqual({ changeEmail: { accepted: true } });
    expect(await me()).toEqual({ email: person.email, pendingEmail: newEmail });
    expect((await logIn(person.email)).status).toBe(200);
    expect((await logIn(newEmail)).status).toBe(400);
  });

  it('responds with the same bytes for an address with an account, and tells only its owner', async () => {
    const other = await tandem.person();
    const taken = await request(other.email);
    const { subject, link, code } = await lastMailTo(tandem, other.email); // the next request replaces this mail
    const free = await request();
    expect([taken.status, taken.text]).toEqual([free.status, free.text]);
    expect([subject, link, code]).toEqual(['You already have an account', '', '']);
  });

  it('requires a recent login', async () => {
    tandem.clock.advance(601);
    expect(refusal(await request())).toMatchObject({
      status: 403,
      reason: 'RECENT_LOGIN_REQUIRED',
      recovery: 'STEP_UP',
    });
  });

  it('rejects the current address', async () => {
    const reply = await request(person.email.toUpperCase());
    expect(reply.errors?.[0]?.extensions['fields']).toMatchObject([{ path: ['input', 'newEmail'] }]);
  });

  it('can be resent, which replaces the link, and cancelled, which voids it', async () => {
    await request();
    const first = await lastMailTo(tandem, newEmail);
    expect((await tandem.send(RESEND, {}, own())).status).toBe(200);
    const second = (await mailsTo(tandem, newEmail)).find(({ token }) => token !== first.token);
    expect(refusal(await confirm({ token: first.token }))).toEqual(UNUSABLE);
    const cancelled = await tandem.send(CANCEL, {}, own());
    expect(cancelled.data.cancelEmailChange.account).toEqual({ email: person.email, pendingEmail: null });
    expect(refusal(await confirm({ token: second?.token }))).toEqual(UNUSABLE);
    expect(refusal(await confirm({ code: second?.code }))).toEqual(UNUSABLE);
    expect(refusal(await tandem.send(RESEND, {}, own()))).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a pending change', () => {
  it('ends when the password changes, which voids its link', async () => {
    await request();
    const { token } = await lastMailTo(tandem, newEmail);
    await reset(tandem, { token: (await resetMail(tandem, person.email)).token, newPassword: NEW_PASSWORD });
    const { data } = await logIn(person.email, NEW_PASSWORD);
    tokens = { ...tokens, authToken: data.login.authToken };
    expect(await me()).toEqual({ email: person.email, pendingEmail: null });
    expect(refusal(await confirm({ token }))).toEqual(UNUSABLE);
  });
});

describe('confirmEmailChange', () => {
  it.each(['token', 'code'] as const)(
    'changes the address with the %s, and revokes the other sessions',
    async (proof) => {
      const other = await tandem.login(person);
      await request();
      const mail = await lastMailTo(tandem, newEmail);
      const reply = await confirm({ [proof]: mail[proof] });
      expect(reply.data.confirmEmailChange.account).toEqual({ email: newEmail, pendingEmail: null });
      expect(refusal(await tandem.refresh(other.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REVOKED' });
      expect((await tandem.send(PROTECTED, {}, own())).status).toBe(200);
      expect([(await logIn(person.email)).status, (await logIn(newEmail)).status]).toEqual([400, 200]);
      expect(refusal(await confirm({ token: mail.token }))).toEqual(UNUSABLE);
    },
  );

  it('does nothing for whoever receives the mail and is logged in to another account', async () => {
    await request();
    const { token } = await lastMailTo(tandem, newEmail);
    const stranger = await tandem.login();
    expect(refusal(await tandem.send(CONFIRM, { input: { token } }, { token: stranger.authToken }))).toEqual(UNUSABLE);
    expect((await me()).email).toBe(person.email);
  });

  it('voids a link that resets the password', async () => {
    const { token } = await resetMail(tandem, person.email);
    await changed();
    expect(refusal(await reset(tandem, { token }))).toEqual(UNUSABLE);
  });

  it('is rejected if an account got the address meanwhile', async () => {
    await request();
    const { token } = await lastMailTo(tandem, newEmail);
    const { mail, continuation } = await signedUp(tandem, newEmail);
    expect((await verify(tandem, { token: mail.token, continuation })).data.verifyEmail.verified).toBe(true);
    expect(refusal(await confirm({ token }))).toEqual(UNUSABLE);
  });
});

describe('undoEmailChange', () => {
  it('restores the address, voids the password and revokes every session', async () => {
    const { token } = await changed();
    tandem.clock.advance(72 * 3600 - 60);
    expect((await undo({ token })).data).toEqual({ undoEmailChange: { accepted: true } });
    expect(refusal(await tandem.refresh(tokens.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REVOKED' });
    expect([(await logIn(person.email)).status, (await logIn(newEmail)).status]).toEqual([400, 400]);
    await reset(tandem, { token: (await resetMail(tandem, person.email)).token });
    expect((await logIn(person.email, NEW_PASSWORD)).status).toBe(200);
    expect(refusal(await undo({ token }))).toEqual(UNUSABLE);
  });

  it('accepts the previous address and the code', async () => {
    const { code } = await changed();
    expect((await undo({ email: person.email, code })).status).toBe(200);
  });

  it('is rejected after 72 hours', async () => {
    const { token } = await changed();
    tandem.clock.advance(72 * 3600);
    expect(refusal(await undo({ token }))).toEqual(UNUSABLE);
  });

  it('is possible after a thief changed the password and the address once more', async () => {
    const owner = await changed();
    const third = `third-${count}@example.com`;
    const thief = await changed(third, newEmail);
    const input = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    const change = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { authToken } }';
    expect((await tandem.send(change, { input }, own())).status).toBe(200);
    // The thief undoes the second change first. The older link of the owner stays valid, and voids those of the thief.
    expect((await undo({ token: thief.token })).status).toBe(200);
    expect((await undo({ token: owner.token })).status).toBe(200);
    await reset(tandem, { token: (await resetMail(tandem, person.email)).token, newPassword: PASSWORD });
    expect((await logIn(person.email)).status).toBe(200);
  });

  it('voids the later links of a thief', async () => {
    const owner = await changed();
    const thief = await changed(`third-${count}@example.com`, newEmail);
    expect((await undo({ token: owner.token })).status).toBe(200);
    expect(refusal(await undo({ token: thief.token }))).toEqual(UNUSABLE);
  });

  it('lets nobody else take the previous address meanwhile, except its account', async () => {
    await changed();
    const { mail } = { mail: (await signedUp(tandem, person.email)).mail };
    expect([mail.subject, mail.link]).toEqual(['You already have an account', '']);
    const { config, clock, database } = tandem;
    const { accounts } = accountAdministration(config, database, clock, createLogger('silent'));
    const created = accounts.create({
      email: person.email.toUpperCase(),
      displayName: 'Thief',
      password: NEW_PASSWORD,
    });
    await expect(created).rejects.toMatchObject({ kind: 'CONFLICT' });
    await request(person.email);
    const back = (await mailsTo(tandem, person.email)).find(
      ({ subject }) => subject === 'Confirm your new e-mail address',
    );
    expect((await confirm({ token: back?.token })).data.confirmEmailChange.account.email).toBe(person.email);
  });
});
