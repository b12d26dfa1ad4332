import { sendForm } from '../../support/account-page.js';
import { LOGIN, PASSWORD, startTandem, type Person, type Tandem } from '../../support/harness.js';
import { lastMailTo, mailsTo } from '../../support/mail.js';
import { NEW_PASSWORD, resetMail } from '../../support/password-reset.js';

const PATH = '/account/reset-password';

describe('the page of password reset links', () => {
  let tandem: Tandem;
  let person: Person;
  beforeAll(async () => (tandem = await startTandem()));
  afterAll(() => tandem.close());
  beforeEach(async () => {
    person = await tandem.person();
  });

  const send = (fields: Record<string, string>) => sendForm(tandem, PATH, fields);
  const statusOfLogin = async (password: string) =>
    (await tandem.send(LOGIN, { input: { email: person.email, password } })).status;

  it('replaces the password with the address, the code and a new password, and revokes all sessions', async () => {
    const { refreshToken } = await tandem.login(person);
    const { code } = await resetMail(tandem, person.email);
    const reply = await send({ form: 'code', email: person.email, code, newPassword: NEW_PASSWORD });
    expect(reply.status).toBe(200);
    expect(reply.headers.has('set-cookie')).toBe(false);
    expect((await tandem.refresh(refreshToken)).status).toBe(400);
    expect(await tandem.database.session.count({ where: { accountId: person.id, endedAt: null } })).toBe(0);
    expect([await statusOfLogin(PASSWORD), await statusOfLogin(NEW_PASSWORD)]).toEqual([400, 200]);
  });

  it('changes nothing when it is opened, nor by a form that lacks the code', async () => {
    const { refreshToken } = await tandem.login(person);
    const { token, code } = await resetMail(tandem, person.email);
    for (const method of ['HEAD', 'GET']) expect((await fetch(tandem.url + PATH, { method })).status).toBe(200);
    const forms: Record<string, string>[] = [
      { form: 'code' },
      { form: 'code', token, newPassword: NEW_PASSWORD },
      { form: 'link', token, newPassword: NEW_PASSWORD },
      { form: 'code', email: person.email, code: 'ZZZZ-ZZZZ', newPassword: NEW_PASSWORD },
      { form: 'code', email: person.email, code, newPassword: 'short' },
      { form: 'request', token, code, email: '' },
    ];
    for (const fields of forms) expect((await send(fields)).status).toBe(400);
    expect(await statusOfLogin(PASSWORD)).toBe(200);
    expect((await tandem.refresh(refreshToken)).status).toBe(200);
    expect(await mailsTo(tandem, person.email)).toHaveLength(1);
    expect((await send({ form: 'code', email: person.email, code, newPassword: NEW_PASSWORD })).status).toBe(200);
  });

  it('sends a mail with a code, and shows the same page for an address without an account', async () => {
    const known = await send({ form: 'request', email: person.email });
    const unknown = await send({ form: 'request', email: 'nobody@example.com' });
    expect([known.status, unknown.status]).toEqual([200, 200]);
    expect(unknown.html).toBe(known.html);
    expect((await lastMailTo(tandem, person.email)).code).not.toBe('');
    expect((await lastMailTo(tandem, 'nobody@example.com')).code).toBe('');
  });

  it('marks the field of what is not an address', async () => {
    const { status, html } = await send({ form: 'request', email: 'lin' });
    expect(status).toBe(400);
    expect(html).toMatch(/<input id="request-email"[^>]* value="lin"[^>]* aria-invalid="true" autofocus>/);
  });
});
