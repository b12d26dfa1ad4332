import { sendForm } from '../../support/account-page.js';
import { PROTECTED, startTandem, type Person, type Tandem, type Tokens } from '../../support/harness.js';
import { lastMailTo, type ReceivedMail } from '../../support/mail.js';

const PATH = '/account/revoke-session';

describe('the page of a notice', () => {
  let tandem: Tandem;
  let person: Person;
  let [own, thief]: Tokens[] = [];
  let mail: ReceivedMail;
  beforeAll(async () => (tandem = await startTandem()));
  afterAll(() => tandem.close());
  beforeEach(async () => {
    person = await tandem.person();
    own = await tandem.login(person);
    thief = await tandem.login(person, { headers: { 'user-agent': 'Thief/1' } });
    mail = await lastMailTo(tandem, person.email);
  });

  const works = async (tokens?: Tokens) =>
    (await tandem.send(PROTECTED, {}, { token: tokens?.authToken })).status === 200;
  const send = (form: 'link' | 'code', fields: Record<string, string>) => sendForm(tandem, PATH, { form, ...fields });

  it('has the path that the mail links to, and changes nothing when it is opened', async () => {
    expect(new URL(mail.link).pathname).toBe(PATH);
    for (const method of ['HEAD', 'GET', 'GET']) expect((await fetch(tandem.url + PATH, { method })).status).toBe(200);
    expect(await works(thief)).toBe(true);
  });

  it.each([
    ['link', () => ({ token: mail.token })],
    ['code', () => ({ email: person.email })],
  ] as const)('revokes the session only with the typed code: form %s', async (form, known) => {
    const useless: Record<string, string>[] = [{}, known(), { code: mail.code }, { ...known(), code: 'ZZZZ-ZZZZ' }];
    for (const fields of useless) expect((await send(form, fields)).status).toBe(400);
    expect(await works(thief)).toBe(true);
    const { status, html } = await send(form, { ...known(), code: mail.code.toLowerCase() });
    expect([status, await works(thief), await works(own)]).toEqual([200, false, true]);
    expect(html).toContain('<a href="reset-password">');
  });

  it('allows five wrong codes from one address, does not say so, and keeps those of the link apart', async () => {
    const { email } = person;
    const tried = async (form: 'link' | 'code', known: Record<string, string>) => {
      const replies = [];
      for (let count = 1; count <= 5; count += 1) replies.push(await send(form, { ...known, code: 'ZZZZ-ZZZZ' }));
      replies.push(await send(form, { ...known, code: mail.code }));
      return new Set(replies.map(({ status }) => status));
    };
    expect(await tried('code', { email })).toEqual(new Set([400]));
    expect(await tried('code', { email: 'nobody@example.com' })).toEqual(new Set([400]));
    expect(await works(thief)).toBe(true);
    expect((await send('link', { token: mail.token, code: mail.code })).status).toBe(200);
    expect(await works(thief)).toBe(false);
  });

  it('does the same work for an address without an account', async () => {
    const counted = async (email: string) => {
      const before = await tandem.database.attemptLimit.count();
      await send('code', { email, code: 'ZZZZ-ZZZZ' });
      return (await tandem.database.attemptLimit.count()) - before;
    };
    expect(await counted(person.email)).toBe(2);
    expect(await counted(`nobody-${person.email}`)).toBe(2);
  });

  it('allows five wrong codes with the link, too', async () => {
    for (let count = 1; count <= 5; count += 1) await send('link', { token: mail.token, code: 'ZZZZ-ZZZZ' });
    expect((await send('link', { token: mail.token, code: mail.code })).status).toBe(400);
    expect(await works(thief)).toBe(true);
  });
});
