import { sendForm } from '../../support/account-page.js';
import { LOGIN, PASSWORD, startTandem, type Person, type Tandem, type Tokens } from '../../support/harness.js';
import { lastMailTo, type ReceivedMail } from '../../support/mail.js';

const CONFIRM_PATH = '/account/confirm-address';
const UNDO_PATH = '/account/undo-address';
const CHANGE = 'mutation ($input: ChangeEmailInput!) { changeEmail(input: $input) { accepted } }';
const CONFIRM =
  'mutation ($input: ConfirmEmailChangeInput!) { confirmEmailChange(input: $input) { account { email } } }';

describe('the pages of mails about a changed address', () => {
  let tandem: Tandem;
  let person: Person;
  let tokens: Tokens;
  let newEmail: string;
  beforeAll(async () => (tandem = await startTandem()));
  afterAll(() => tandem.close());
  beforeEach(async () => {
    person = await tandem.person();
    tokens = await tandem.login(person);
    newEmail = `new-${person.email}`;
    await tandem.send(CHANGE, { input: { newEmail } }, { token: tokens.authToken });
  });

  const statusOfLogin = async (email: string) =>
    (await tandem.send(LOGIN, { input: { email, password: PASSWORD } })).status;
  const emailOf = async () => (await tandem.database.account.findUniqueOrThrow({ where: { id: person.id } })).email;

  it('have the paths that the mails link to', async () => {
    expect(new URL((await lastMailTo(tandem, newEmail)).link).pathname).toBe(CONFIRM_PATH);
    await confirmed();
    expect(new URL((await lastMailTo(tandem, person.email)).link).pathname).toBe(UNDO_PATH);
    for (const path of [CONFIRM_PATH, UNDO_PATH]) {
      for (const method of ['HEAD', 'GET']) expect((await fetch(tandem.url + path, { method })).status).toBe(200);
    }
    expect(await emailOf()).toBe(newEmail);
  });

  it('confirm nothing by a form, because only a session of the account may', async () => {
    const { token, code } = await lastMailTo(tandem, newEmail);
    expect((await sendForm(tandem, CONFIRM_PATH, { form: 'code', token, email: newEmail, code })).status).toBe(400);
    expect(await emailOf()).toBe(person.email);
  });

  it.each([
    ['link', ({ token }: ReceivedMail) => ({ token })],
    ['code', ({ to: email }: ReceivedMail) => ({ email })],
  ])('restore the address only with the typed code, in the form %s: nobody is logged in then', async (form, known) => {
    await confirmed();
    const mail = await lastMailTo(tandem, person.email);
    const { code } = mail;
    const undo = (fields: Record<string, string>) => sendForm(tandem, UNDO_PATH, { form, ...fields });
    const useless: Record<string, string>[] = [{}, known(mail), { code }, { ...known(mail), code: 'ZZZZ-ZZZZ' }];
    for (const fields of useless) expect((await undo(fields)).status).toBe(400);
    expect(await emailOf()).toBe(newEmail);
    expect((await undo({ ...known(mail), code })).status).toBe(200);
    expect(await emailOf()).toBe(person.email);
    expect([await statusOfLogin(person.email), await statusOfLogin(newEmail)]).toEqual([400, 400]);
    expect((await tandem.refresh(tokens.refreshToken)).status).toBe(400);
  });

  it('restore the address by the link after a stranger has tried codes, and never say that an address has one', async () => {
    await confirmed();
    const { email } = person;
    const { token, code } = await lastMailTo(tandem, email);
    for (const address of [email, `nobody-${email}`]) {
      for (let count = 1; count <= 6; count += 1) {
        const fields = { form: 'code', email: address, code: 'ZZZZ-ZZZZ' };
        expect((await sendForm(tandem, UNDO_PATH, fields)).status).toBe(400);
      }
    }
    expect((await sendForm(tandem, UNDO_PATH, { form: 'code', email, code })).status).toBe(400);
    expect((await sendForm(tandem, UNDO_PATH, { form: 'link', token, code })).status).toBe(200);
    expect(await emailOf()).toBe(email);
  });

  async function confirmed(): Promise<void> {
    const { token } = await lastMailTo(tandem, newEmail);
    const reply = await tandem.send(CONFIRM, { input: { token } }, { token: tokens.authToken });
    expect(reply.data.confirmEmailChange.account.email).toBe(newEmail);
  }
});
