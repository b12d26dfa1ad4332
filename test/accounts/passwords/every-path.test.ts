import { runProgram } from '../../support/program.js';
import { LOGIN, PASSWORD, refusal, startTandem, type GraphQLReply, type Tandem } from '../../support/harness.js';
import { requestReset, reset } from '../../support/password-reset.js';
import { lastMailTo } from '../../support/mail.js';
import { signedUp, signUp, verify } from '../../support/sign-up.js';
import { makeScratch, type Scratch } from '../../support/scratch.js';

const CHANGE = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { authToken } }';
const NAME = 'Gulliver Brobdingnag';
/** Accepted from people with other names. */
const OWN_NAME = 'brobdingnag gulliver';
const WEAK = 'mypasswordispassword';

describe('a password that is easy to guess', () => {
  let tandem: Tandem;
  let scratch: Scratch;
  beforeAll(async () => {
    tandem = await startTandem();
    scratch = makeScratch();
  });
  afterAll(async () => {
    await tandem.close();
    scratch.remove();
  });

  let count = 0;
  const newEmail = () => `person-${(count += 1)}@example.com`;
  async function person() {
    const email = newEmail();
    const passwordHash = await tandem.app.hashing.hash(PASSWORD);
    await tandem.app.accounts.create({ email, displayName: NAME, passwordHash });
    return email;
  }

  const paths: [string, string, (newPassword: string) => Promise<GraphQLReply>][] = [
    ['signUp', 'password', (password) => signUp(tandem, newEmail(), { password, displayName: NAME })],
    [
      'verifyEmail with a new password',
      'newPassword',
      async (newPassword) => {
        const email = newEmail();
        const { mail } = await signedUp(tandem, email, { displayName: NAME });
        return verify(tandem, { email, code: mail.code, newPassword });
      },
    ],
    [
      'resetPassword',
      'newPassword',
      async (newPassword) => {
        const email = await person();
        await requestReset(tandem, email);
        return reset(tandem, { token: (await lastMailTo(tandem, email)).token, newPassword });
      },
    ],
    [
      'changePassword',
      'newPassword',
      async (newPassword) => {
        const { authToken: token } = await tandem.login({ id: '', email: await person() });
        return tandem.send(CHANGE, { input: { currentPassword: PASSWORD, newPassword } }, { token });
      },
    ],
  ];

  it.each(paths)('is rejected by %s', async (_name, field, send) => {
    for (const password of [WEAK, OWN_NAME]) {
      const reply = await send(password);
      expect(refusal(reply)).toEqual({ status: 400, code: 'BAD_USER_INPUT', reason: null, recovery: 'FIX_INPUT' });
      expect(reply.errors?.[0]?.extensions['fields']).toMatchObject([
        { path: ['input', field], reason: 'EASY_TO_GUESS' },
      ]);
    }
    expect((await send('seven otters in a teapot')).errors).toBeUndefined();
  });

  it.each([
    ['create', async () => ['create', newEmail(), NAME]],
    ['set-password', async () => ['set-password', await person()]],
  ])('is rejected by the command account %s, which says why and ends', async (_name, operands) => {
    const args = await operands();
    const environment = { DATABASE_URL: tandem.config.database.url };
    const run = (input: string) => runProgram(scratch.path, 'cli/account.js', { args, input, environment });
    for (const password of [WEAK, OWN_NAME]) {
      const { exitCode, stderr } = await run(`${password}\n`);
      expect({ exitCode, stderr }).toEqual({
        exitCode: 1,
        stderr: expect.stringContaining('The password consists of'),
      });
      expect(stderr).not.toContain(password);
    }
    expect(await run('seven otters in a teapot\n')).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('still logs in to an account that has it', async () => {
    const email = newEmail();
    const passwordHash = await tandem.app.hashing.hash('short');
    await tandem.app.accounts.create({ email, displayName: NAME, passwordHash });
    expect((await tandem.send(LOGIN, { input: { email, password: 'short' } })).status).toBe(200);
  });
});
