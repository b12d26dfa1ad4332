import { PASSWORD, refusal, startTandem, type Tandem } from '../support/harness.js';
import { mailsTo } from '../support/mail.js';
import { requestReset } from '../support/password-reset.js';
import { SIGN_UP, signedUp, signUp, verify, VERIFY } from '../support/sign-up.js';

const LIMITED = { status: 429, code: 'RATE_LIMITED', reason: null, recovery: 'RETRY' };
const UNUSABLE = { status: 400, code: 'BAD_USER_INPUT', reason: 'ONE_TIME_TOKEN_INVALID', recovery: 'FIX_INPUT' };

let tandem: Tandem;
beforeEach(async () => {
  tandem = await startTandem({
    TRUSTED_PROXIES: '127.0.0.1',
    MAILS_PER_ACCOUNT_AND_HOUR: '3',
    MAILS_PER_ADDRESS_AND_HOUR: '5',
  });
});
afterEach(() => tandem.close());

const email = 'lin@example.com';
const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });

function guess(code: string, address: string) {
  return tandem.send(VERIFY, { input: { email, code, password: PASSWORD } }, from(address));
}

describe('the code of a sign-up', () => {
  it('allows five guesses from one client address, and leaves the link and other clients alone', async () => {
    const { mail, continuation } = await signedUp(tandem, email);
    const wrong = mail.code === '0000-0000' ? '1111-1111' : '0000-0000';
    for (let attempt = 1; attempt <= 5; attempt += 1)
      expect(refusal(await guess(wrong, '192.0.2.1'))).toEqual(UNUSABLE);
    expect(refusal(await guess(mail.code, '192.0.2.1'))).toEqual(LIMITED);

    const elsewhere = await tandem.send(VERIFY, { input: { email, code: mail.code } }, from('198.51.100.1'));
    expect(elsewhere.data.verifyEmail.verified).toBe(false);
    const byLink = await tandem.send(VERIFY, { input: { token: mail.token, continuation } }, from('192.0.2.1'));
    expect(byLink.data.verifyEmail.verified).toBe(true);
  });

  it('does not count requests with the right code', async () => {
    const { mail } = await signedUp(tandem, email);
    for (let attempt = 1; attempt <= 7; attempt += 1) {
      expect((await verify(tandem, { email, code: mail.code })).data.verifyEmail.verified).toBe(false);
    }
    expect((await verify(tandem, { email, code: mail.code, password: PASSWORD })).data.verifyEmail.verified).toBe(true);
  });
});

describe('the mails of sign-ups', () => {
  const sendFrom = (address: string, to: string, server = tandem) =>
    server.send(SIGN_UP, { input: { email: to, password: PASSWORD, displayName: 'Lin' } }, from(address));

  it.each(['with', 'without'])('are limited for an address %s an account', async (which) => {
    const to = which === 'with' ? (await tandem.person()).email : email;
    for (const last of [1, 2, 3]) expect((await sendFrom(`192.0.2.${last}`, to)).status).toBe(200);
    expect(refusal(await sendFrom('192.0.2.4', to.toUpperCase()))).toEqual(LIMITED);
    expect(await mailsTo(tandem, to)).toHaveLength(3);
    tandem.clock.advance(3601);
    expect((await sendFrom('192.0.2.4', to)).status).toBe(200);
  });

  it('are limited for a client address', async () => {
    for (const last of [1, 2, 3, 4, 5])
      expect((await sendFrom('192.0.2.1', `lin-${last}@example.com`)).status).toBe(200);
    expect(refusal(await sendFrom('192.0.2.1', 'lin-6@example.com'))).toEqual(LIMITED);
    expect((await sendFrom('192.0.2.2', 'lin-6@example.com')).status).toBe(200);
  });

  it('reach a person while many client addresses request others, by sign-up and by reset', async () => {
    const busy = await tandem.startInstance({ MAILS_PER_HOUR: '10' });
    for (let last = 1; last <= 40; last += 1) {
      expect((await sendFrom(`198.51.100.${last % 10}`, `nobody-${last}@example.com`, busy)).status).toBe(200);
    }
    expect(refusal(await sendFrom('198.51.100.1', 'nobody@example.com', busy))).toEqual(LIMITED);
    const person = await tandem.person();
    expect((await sendFrom('192.0.2.1', email, busy)).status).toBe(200);
    expect((await requestReset(busy, person.email, from('192.0.2.1'))).status).toBe(200);
    expect([await mailsTo(busy, email), await mailsTo(busy, person.email)].flat()).toHaveLength(2);
  });

  it('are not counted for input that is rejected', async () => {
    for (let attempt = 1; attempt <= 7; attempt += 1) {
      expect((await signUp(tandem, email, { password: 'too short' })).status).toBe(400);
    }
    expect((await signUp(tandem, email)).status).toBe(200);
  });
});
