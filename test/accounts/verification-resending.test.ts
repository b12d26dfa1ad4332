import { refusal, startTandem, type GraphQLReply, type Tandem } from '../support/harness.js';
import { lastMailTo, mailsTo } from '../support/mail.js';
import { signedUp, signUp, verify } from '../support/sign-up.js';

const RESEND = `mutation ($input: ResendVerificationInput!) { resendVerification(input: $input) { accepted expiresAt } }`;
const UNUSABLE = { status: 400, code: 'BAD_USER_INPUT', reason: 'ONE_TIME_TOKEN_INVALID', recovery: 'FIX_INPUT' };
const DAY = 86_400;
const CONTINUATION = 'tandem_su_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

describe('resendVerification', () => {
  let tandem: Tandem;
  let email: string;
  let count = 0;
  beforeAll(async () => (tandem = await startTandem()));
  beforeEach(() => (email = `lin-${(count += 1)}@example.com`));
  afterAll(() => tandem.close());

  const resend = (continuation: string, address = email): Promise<GraphQLReply> =>
    tandem.send(RESEND, { input: { email: address, continuation } });
  /** Without the time, which depends on the clock alone. */
  const bytesOf = ({ status, text }: GraphQLReply) => [status, text.replace(/\d{4}-[^"]+Z/, '')];
  const rows = async () => [await tandem.database.oneTimeToken.count(), await tandem.database.outgoingMail.count()];

  it('sends another mail, whose link replaces the first one, and which activates the account', async () => {
    const { continuation, mail } = await signedUp(tandem, email);
    tandem.clock.advance(1);
    expect((await resend(continuation, email.toUpperCase())).data.resendVerification.accepted).toBe(true);
    const second = await lastMailTo(tandem, email);
    expect(second.token).not.toBe(mail.token);
    expect(refusal(await verify(tandem, { token: mail.token, continuation }))).toEqual(UNUSABLE);
    expect((await verify(tandem, { token: second.token, continuation })).data.verifyEmail.verified).toBe(true);
  });

  it('begins the 24 hours of the sign-up again', async () => {
    const { continuation } = await signedUp(tandem, email);
    tandem.clock.advance(DAY - 60);
    const { expiresAt } = (await resend(continuation)).data.resendVerification;
    const remainingMs = new Date(expiresAt).getTime() - tandem.clock.nowMs();
    expect(Math.ceil(remainingMs / 60_000)).toBe(24 * 60);
    tandem.clock.advance(DAY - 60);
    const { token } = await lastMailTo(tandem, email);
    expect((await verify(tandem, { token, continuation })).data.verifyEmail.verified).toBe(true);
  });

  it('responds and writes the same for an address with an account, for an unknown secret and an expired sign-up', async () => {
    const expired = await signedUp(tandem, email);
    tandem.clock.advance(DAY + 1);
    const person = await tandem.person();
    const stranger = (await signUp(tandem, person.email)).data.signUp.continuation;
    const own = (await signUp(tandem, `own-${email}`)).data.signUp.continuation;
    const outcomes: object[] = [];
    for (const [address, continuation] of [
      [`own-${email}`, own],
      [person.email, stranger],
      [email, expired.continuation],
      [`nobody-${email}`, CONTINUATION],
    ] as const) {
      const before = await rows();
      const reply = bytesOf(await resend(continuation, address));
      outcomes.push({ reply, written: (await rows()).map((after, index) => after - (before[index] ?? 0)) });
    }
    expect(outcomes).toEqual(outcomes.map(() => ({ ...outcomes[0], written: [1, 1] })));
  });

  it('tells only the owner of the address that there is an account, or no sign-up', async () => {
    const person = await tandem.person();
    const { continuation } = (await signUp(tandem, person.email)).data.signUp;
    await resend(continuation, person.email);
    await resend(CONTINUATION);
    const [toPerson, toNobody] = [await lastMailTo(tandem, person.email), await lastMailTo(tandem, email)];
    expect([toPerson.subject, toPerson.token]).toEqual(['You already have an account', '']);
    expect([toNobody.subject, toNobody.token]).toEqual(['There is no sign-up to confirm', '']);
  });

  it('leaves the links of a sign-up alone if a stranger asks for one without its continuation', async () => {
    const { continuation, mail } = await signedUp(tandem, email);
    tandem.clock.advance(1);
    await resend(CONTINUATION);
    expect((await verify(tandem, { token: mail.token, continuation })).data.verifyEmail.verified).toBe(true);
  });

  it('does not tell a stranger that the owner has verified the address', async () => {
    const { continuation } = (await signUp(tandem, email)).data.signUp;
    const before = await resend(continuation);
    const owner = await signedUp(tandem, email);
    await verify(tandem, { token: owner.mail.token, continuation: owner.continuation });
    const after = await resend(continuation);
    expect(bytesOf(after)).toEqual(bytesOf(before));
  });

  it('is limited like other mails', async () => {
    const limited = await tandem.startInstance({ MAILS_PER_ACCOUNT_AND_HOUR: '2' });
    const { continuation } = (await signUp(limited, email)).data.signUp;
    const send = () => limited.send(RESEND, { input: { email, continuation } });
    expect((await send()).status).toBe(200);
    expect(refusal(await send())).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
    expect(await mailsTo(tandem, email)).not.toEqual([]);
  });

  it('is FORBIDDEN if registration is closed', async () => {
    const { continuation } = (await signUp(tandem, email)).data.signUp;
    const closed = await tandem.startInstance({ REGISTRATION: 'closed' });
    expect(refusal(await closed.send(RESEND, { input: { email, continuation } }))).toMatchObject({ code: 'FORBIDDEN' });
  });
});
