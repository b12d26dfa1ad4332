import { sendForm, type PageReply } from '../../support/account-page.js';
import { LOGIN, PASSWORD, startTandem, type GraphQLReply, type Tandem } from '../../support/harness.js';
import { signedUp } from '../../support/sign-up.js';
import { sql } from '../../support/sql.js';

const PATH = '/account/verify';
const NEW_PASSWORD = 'another long passphrase';
const FORM = 'application/x-www-form-urlencoded';

describe('the page of verification links', () => {
  let tandem: Tandem;
  let email: string;
  beforeAll(async () => (tandem = await startTandem()));
  afterAll(() => tandem.close());
  beforeEach(() => {
    email = `lin-${Math.random().toString(36).slice(2)}@example.com`;
  });

  const send = (fields: Record<string, string>, headers?: Record<string, string>) =>
    sendForm(tandem, PATH, fields, headers);
  const logIn = (password: string): Promise<GraphQLReply> => tandem.send(LOGIN, { input: { email, password } });
  const findAccount = () => tandem.database.account.findUnique({ where: { email }, include: { sessions: true } });

  async function expectUnchanged(): Promise<void> {
    expect(await findAccount()).toBeNull();
    expect(await tandem.database.signUp.count({ where: { email } })).toBe(1);
    expect(await tandem.database.oneTimeToken.count({ where: { email, usedAt: null, supersededAt: null } })).toBe(1);
  }

  function expectPage({ status, headers, html }: PageReply, expected: number): void {
    expect(status).toBe(expected);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-robots-tag')).toBe('noindex');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'sha256-[^ ]+'; style-src/);
    expect(headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'/);
    expect(headers.has('set-cookie')).toBe(false);
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(html).not.toMatch(/tandem_rt_|eyJ/);
  }

  it('consumes nothing when it is opened, any number of times', async () => {
    await signedUp(tandem, email);
    for (const method of ['HEAD', 'GET', 'GET']) {
      const response = await fetch(tandem.url + PATH, { method });
      expectPage({ status: response.status, headers: response.headers, html: await html(response) }, 200);
    }
    await expectUnchanged();
  });

  it('activates the account with the token of the link and the password, and opens no session', async () => {
    const { mail } = await signedUp(tandem, email);
    expectPage(await send({ form: 'link', token: mail.token, password: PASSWORD }), 200);
    expect(await findAccount()).toMatchObject({ email, sessions: [] });
    expect((await logIn(PASSWORD)).status).toBe(200);
  });

  it('activates the account with the address, the code and a new password', async () => {
    const { mail } = await signedUp(tandem, email);
    const fields = { form: 'code', email: ` ${email.toUpperCase()}`, code: mail.code.toLowerCase() };
    expectPage(await send({ ...fields, newPassword: NEW_PASSWORD }), 200);
    expect(await findAccount()).toMatchObject({ email, sessions: [] });
    expect((await logIn(PASSWORD)).status).toBe(400);
    expect((await logIn(NEW_PASSWORD)).status).toBe(200);
  });

  it('says that a link which was used is not valid', async () => {
    const { mail } = await signedUp(tandem, email);
    const fields = { form: 'link', token: mail.token, password: PASSWORD };
    await send(fields);
    expectPage(await send(fields), 400);
  });

  it.each<[string, Record<string, string>]>([
    ['without a password', { form: 'link', password: '' }],
    ['with a wrong password', { form: 'link', password: NEW_PASSWORD }],
    [
      'with a new password instead of the one that was chosen',
      { form: 'link', password: '', newPassword: NEW_PASSWORD },
    ],
    ['of the code without its fields', { form: 'code' }],
    ['that it does not have', { form: 'other' }],
    ['without a name', {}],
  ])('changes nothing by a form %s', async (_what, fields) => {
    const { mail } = await signedUp(tandem, email);
    expectPage(await send({ token: mail.token, ...fields }), 400);
    await expectUnchanged();
  });

  it.each([
    ['is too short', 'short'],
    ['is too long', 'x'.repeat(1025)],
    ['is easy to guess', 'passwordpassword1'],
    ['contains U+0000', `${NEW_PASSWORD}\0`],
  ])('rejects a new password that %s, and keeps what was typed, except the password', async (_what, newPassword) => {
    const { mail } = await signedUp(tandem, email);
    const reply = await send({ form: 'code', email, code: mail.code, newPassword });
    expectPage(reply, 400);
    expect(reply.html).toContain(`value="${email}"`);
    expect(reply.html).toContain(`value="${mail.code}"`);
    expect(reply.html).not.toContain(newPassword);
    expect(reply.html).toMatch(
      /<input id="code-newPassword"[^>]* aria-describedby="code-newPassword-problem [^>]*autofocus>/,
    );
    await expectUnchanged();
  });

  it('keeps the token of the link after a wrong password', async () => {
    const { mail } = await signedUp(tandem, email);
    const { html } = await send({ form: 'link', token: mail.token, password: NEW_PASSWORD });
    expect(html).toContain(`name="token" value="${mail.token}"`);
    expect(html).not.toMatch(/<form [^>]*id="link"[^>]* hidden/);
  });

  it('escapes what was typed', async () => {
    const { html } = await send({ form: 'code', email: `"><script>alert('&')</script>`, code: '', newPassword: '' });
    expect(html).toContain('value="&#34;&#62;&#60;script&#62;alert(&#39;&#38;&#39;)&#60;/script&#62;"');
  });

  it('responds 429 with Retry-After after five wrong codes, and the link stays valid', async () => {
    const { mail } = await signedUp(tandem, email);
    const guess = () => send({ form: 'code', email, code: 'ZZZZ-ZZZZ', newPassword: NEW_PASSWORD });
    for (let count = 0; count < 5; count += 1) expectPage(await guess(), 400);
    const limited = await guess();
    expectPage(limited, 429);
    expect(limited.headers.get('retry-after')).toMatch(/^\d+$/);
    expectPage(await send({ form: 'link', token: mail.token, password: PASSWORD }), 200);
  });

  it('responds 503 with Retry-After while the database fails', async () => {
    const { mail } = await signedUp(tandem, email);
    await sql(tandem.config.database.url, 'ALTER TABLE "SignUp" RENAME TO "Elsewhere"');
    const reply = await send({ form: 'link', token: mail.token, password: PASSWORD });
    await sql(tandem.config.database.url, 'ALTER TABLE "Elsewhere" RENAME TO "SignUp"');
    expectPage(reply, 503);
    expect(reply.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(reply.html).not.toMatch(/sqlite|prisma|table/i);
    await expectUnchanged();
  });

  it.each<[string, Record<string, string>]>([
    ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['another site without an origin', { 'sec-fetch-site': 'cross-site' }],
    ['another origin of the site', { origin: 'null', 'sec-fetch-site': 'same-site' }],
    ['another origin in an old browser', { origin: 'https://evil.example' }],
    ['a hidden origin in an old browser', { origin: 'null' }],
  ])('rejects a form of %s', async (_what, headers) => {
    const { mail } = await signedUp(tandem, email);
    expectPage(await send({ form: 'link', token: mail.token, password: PASSWORD }, headers), 403);
    await expectUnchanged();
  });

  it('accepts a form of curl', async () => {
    const { mail } = await signedUp(tandem, email);
    expectPage(await send({ form: 'link', token: mail.token, password: PASSWORD }, {}), 200);
  });

  it.each<[string, number, RequestInit]>([
    ['JSON', 415, { headers: { 'content-type': 'application/json' }, body: '{}' }],
    ['a large body', 413, { body: new URLSearchParams({ form: 'link', password: 'x'.repeat(20_000) }) }],
    ['bytes that are not UTF-8', 400, { body: 'form=link&password=%ff', headers: { 'content-type': FORM } }],
    ['no body', 400, {}],
  ])('rejects %s', async (_what, status, init) => {
    const response = await fetch(tandem.url + PATH, { method: 'POST', ...init });
    expectPage({ status: response.status, headers: response.headers, html: await response.text() }, status);
  });

  it('responds 405 to other methods', async () => {
    const response = await fetch(tandem.url + PATH, { method: 'DELETE' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
  });

  it('is in the access log without what was typed', async () => {
    const { mail } = await signedUp(tandem, email);
    await fetch(`${tandem.url}${PATH}?from=${mail.token}`);
    const { headers } = await send({ form: 'link', token: mail.token, password: NEW_PASSWORD });
    await send({ form: 'code', email, code: mail.code, newPassword: 'short' });
    const lines = tandem
      .log()
      .split('\n')
      .filter((line) => line.includes('"event":"request"'));
    const line = lines.find((line) => line.includes(headers.get('x-request-id') ?? '?')) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({ path: PATH, method: 'POST', status: 400, reason: 'WRONG_PASSWORD' });
    for (const secret of [mail.token, mail.code, NEW_PASSWORD]) expect(tandem.log()).not.toContain(secret);
  });

  it('does not make forms acceptable elsewhere', async () => {
    const response = await fetch(`${tandem.url}/graphql`, {
      method: 'POST',
      body: new URLSearchParams({ query: '{ me { id } }' }),
    });
    expect(response.status).toBe(415);
  });
});

/** The body of a response; of HEAD, which has none, the beginning that every page has. */
async function html(response: Response): Promise<string> {
  return (await response.text()) || '<!doctype html>\n<html lang="en">';
}
