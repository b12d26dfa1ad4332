import { randomUUID } from 'node:crypto';
import { invite } from '../../src/cli/invitation-commands.js';
import { sendForm } from './account-page.js';
import { LOGIN, PASSWORD, PROTECTED, type Tandem } from './harness.js';
import { lastMailTo, type ReceivedMail } from './mail.js';
import { operate } from './operator.js';
import { NEW_PASSWORD, reset, resetMail } from './password-reset.js';
import { signedUp, signUp, verify } from './sign-up.js';

/** A mail that a program reads before its recipient does. */
export interface ScannedMail {
  mail: ReceivedMail;
  /** The addresses that the mail concerns. */
  emails: string[];
  /** Does what the mail is for, as the person. Resolves to whether it worked. */
  finish(): Promise<boolean>;
}

const CHANGE_EMAIL = 'mutation ($input: ChangeEmailInput!) { changeEmail(input: $input) { accepted } }';
const CONFIRM =
  'mutation ($input: ConfirmEmailChangeInput!) { confirmEmailChange(input: $input) { account { email } } }';
const CHANGE_PASSWORD = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { authToken } }';

/** Every kind of mail that has a link. */
export const SCANNED_MAILS: Record<string, (tandem: Tandem) => Promise<ScannedMail>> = {
  async verification(tandem) {
    const email = newEmail();
    const { mail, continuation } = await signedUp(tandem, email);
    return {
      mail,
      emails: [email],
      finish: async () => (await verify(tandem, { token: mail.token, continuation })).data.verifyEmail.verified,
    };
  },

  async 'password reset'(tandem) {
    const { email } = await tandem.person();
    const mail = await resetMail(tandem, email);
    return {
      mail,
      emails: [email],
      async finish() {
        await reset(tandem, { email, code: mail.code });
        return logsIn(tandem, email, NEW_PASSWORD);
      },
    };
  },

  async 'confirmation of a new address'(tandem) {
    const { email, confirmed, mail } = await changingAddress(tandem);
    return { mail, emails: [email, mail.to], finish: async () => (await confirmed()) && logsIn(tandem, mail.to) };
  },

  async 'undo of a changed address'(tandem) {
    const { email, confirmed, mail: confirmation } = await changingAddress(tandem);
    await confirmed();
    const mail = await lastMailTo(tandem, email);
    return {
      mail,
      emails: [email, confirmation.to],
      async finish() {
        await sendForm(tandem, '/account/undo-address', { form: 'code', email, code: mail.code });
        await reset(tandem, { token: (await resetMail(tandem, email)).token });
        return logsIn(tandem, email, NEW_PASSWORD);
      },
    };
  },

  async 'new device'(tandem) {
    const person = await tandem.person();
    await tandem.login(person);
    const { authToken } = await tandem.login(person, { headers: { 'user-agent': 'Thief/1' } });
    return reportedBy(tandem, person.email, authToken);
  },

  async 'changed password'(tandem) {
    const person = await tandem.person();
    const { authToken: token } = await tandem.login(person);
    const input = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    const { authToken } = (await tandem.send(CHANGE_PASSWORD, { input }, { token })).data.changePassword;
    return reportedBy(tandem, person.email, authToken);
  },

  async 'password that was reset'(tandem) {
    const { email } = await tandem.person();
    await reset(tandem, { token: (await resetMail(tandem, email)).token });
    const mail = await lastMailTo(tandem, email);
    return { mail, emails: [email], finish: () => logsIn(tandem, email, NEW_PASSWORD) };
  },

  async invitation(tandem) {
    const email = newEmail();
    await operate(invite, tandem, { id: '', email });
    const mail = await lastMailTo(tandem, email);
    return {
      mail,
      emails: [email],
      async finish() {
        const inviting = await tandem.startInstance({ REGISTRATION: 'invitation' });
        const { status } = await signUp(inviting, email, { invitation: mail.token });
        await inviting.close();
        return status === 200;
      },
    };
  },
};

/** What a mail links to on this server. */
export function linksIn({ text }: ReceivedMail, { url, config }: Tandem): string[] {
  return Array.from(text.matchAll(/^https?:\S+$/gm), ([link]) => link.replace(config.mail.publicUrl, url));
}

/** What is stored about these addresses. */
export async function storedAbout({ app, database }: Tandem, emails: string[]): Promise<string> {
  await app.drain();
  const where = { email: { in: emails } };
  const orderBy = { id: 'asc' } as const;
  const accounts = await database.account.findMany({ where, orderBy });
  const accountId = { in: accounts.map(({ id }) => id) };
  return JSON.stringify([
    accounts,
    await database.session.findMany({ where: { accountId }, orderBy }),
    await database.oneTimeToken.findMany({ where, orderBy }),
    await database.signUp.findMany({ where, orderBy }),
  ]);
}

const newEmail = () => `person-${randomUUID()}@example.com`;

async function logsIn(tandem: Tandem, email: string, password = PASSWORD): Promise<boolean> {
  return (await tandem.send(LOGIN, { input: { email, password } })).status === 200;
}

async function changingAddress(tandem: Tandem) {
  const person = await tandem.person();
  const { authToken: token } = await tandem.login(person);
  const to = newEmail();
  await tandem.send(CHANGE_EMAIL, { input: { newEmail: to } }, { token });
  const mail = await lastMailTo(tandem, to);
  const confirmed = async () =>
    (await tandem.send(CONFIRM, { input: { code: mail.code } }, { token })).data.confirmEmailChange.account.email ===
    to;
  return { email: person.email, mail, confirmed };
}

async function reportedBy(tandem: Tandem, email: string, token: string): Promise<ScannedMail> {
  const mail = await lastMailTo(tandem, email);
  return {
    mail,
    emails: [email],
    async finish() {
      const works = async () => (await tandem.send(PROTECTED, {}, { token })).status === 200;
      const before = await works();
      await sendForm(tandem, '/account/revoke-session', { form: 'link', token: mail.token, code: mail.code });
      return before && !(await works());
    },
  };
}
