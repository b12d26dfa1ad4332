import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOGIN, PASSWORD, PROTECTED, refusal, startTandem, tokensOf, type Tandem } from '../support/harness.js';
import { runProgram } from '../support/program.js';
import { makeScratch, type Scratch } from '../support/scratch.js';

describe('the account command', () => {
  let scratch: Scratch;
  let tandem: Tandem;
  beforeAll(async () => {
    scratch = makeScratch();
    tandem = await startTandem();
  });
  afterAll(async () => {
    await tandem.close();
    scratch.remove();
  });

  const account = (args: string[], input: string | Buffer = '') => {
    const environment = { DATABASE_URL: tandem.config.database.url };
    return runProgram(scratch.path, 'cli/account.js', { args, input, environment });
  };
  const logIn = (email: string, password: string) => tandem.send(LOGIN, { input: { email, password } });
  const read = (token: string) => tandem.send(PROTECTED, {}, { token });

  it.each(['r&d@example.com', 'first/last@example.com', 'nora@例え.テスト', "o'neil@example.com"])(
    'accepts the address %s',
    async (address) => {
      const made = await account(['create', address, 'Somebody'], 'a long enough passphrase\n');
      expect(made).toMatchObject({ exitCode: 0 });
    },
  );

  it('creates an account with the password from standard input', async () => {
    const made = await account(['create', 'Nora@Example.com', 'Nora', 'Barnacle'], 'a long enough passphrase\n');
    expect(made).toMatchObject({ exitCode: 0, stderr: '' });
    const reply = await logIn('nora@example.com', 'a long enough passphrase');
    expect(reply.data.login.account).toMatchObject({ email: 'nora@example.com', role: 'MEMBER' });
  });

  it('removes only the last line break from the password', async () => {
    await account(['create', 'spaces@example.com', 'S'], '  blanks around, 日本語 \n');
    expect((await logIn('spaces@example.com', '  blanks around, 日本語 ')).status).toBe(200);
    expect((await logIn('spaces@example.com', 'blanks around, 日本語')).status).toBe(400);
  });

  it('rejects a password and a name that are not UTF-8', async () => {
    const latin1 = Buffer.from('a pässphrase of Bjørn\n', 'latin1');
    const password = await account(['create', 'bjorn@example.com', 'B'], latin1);
    expect(password).toMatchObject({ exitCode: 1, stderr: 'The password must be UTF-8.\n' });
    const name = await account(['create', 'bjorn@example.com', 'Bj\ufffdrn'], 'a long enough passphrase\n');
    expect(name).toMatchObject({ exitCode: 1, stderr: 'The arguments must be UTF-8.\n' });
    expect((await account(['list'])).stdout).not.toContain('bjorn');
  });

  it('invites somebody, lists the invitation and revokes it', async () => {
    const invited = await account(['invite', 'Kim@Example.com', '--days', '3']);
    expect(invited).toMatchObject({ exitCode: 0, stderr: '' });
    expect(invited.stdout).toMatch(/\/account\/sign-up#token=tandem_ot_/);
    expect((await account(['invitations'])).stdout).toContain('kim@example.com');
    expect(await account(['list', '--days', '3'])).toMatchObject({ exitCode: 1 });
    expect(await account(['revoke-invitation', 'kim@example.com'])).toMatchObject({ exitCode: 0, stderr: '' });
    expect((await account(['invitations'])).stdout).not.toContain('kim@example.com');
  });

  it('lists all accounts as a table without hashes', async () => {
    const { id, email } = await tandem.person();
    const listed = await account(['list']);
    expect(listed).toMatchObject({ exitCode: 0, stderr: '' });
    const line = listed.stdout.split('\n').find((row) => row.startsWith(id));
    expect(line?.split(/ +/)).toEqual([id, email, 'MEMBER', 'enabled']);
    expect(listed.stdout).not.toContain('argon2');
  });

  it('disables an account, revokes its sessions before it returns, and enables the account again', async () => {
    const person = await tandem.person();
    const [here, there] = [await tandem.login(person), await tandem.login(person)];
    const bystander = await tandem.login();
    await Promise.all([read(here.authToken), read(there.authToken)]);

    expect(await account(['disable', person.email])).toMatchObject({ exitCode: 0, stderr: '' });
    for (const { authToken, refreshToken } of [here, there]) {
      expect(refusal(await read(authToken))).toMatchObject({ status: 401, reason: 'TOKEN_REVOKED' });
      expect(refusal(await tandem.refresh(refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REVOKED' });
    }
    expect(refusal(await logIn(person.email, PASSWORD))).toMatchObject({ reason: 'WRONG_EMAIL_OR_PASSWORD' });
    expect((await read(bystander.authToken)).status).toBe(200);

    expect(await account(['enable', person.email])).toMatchObject({ exitCode: 0, stderr: '' });
    const again = await tandem.login(person);
    expect((await read(again.authToken)).status).toBe(200);
    expect(refusal(await read(here.authToken))).toMatchObject({ reason: 'TOKEN_REVOKED' });
  });

  it('makes auth tokens with the old role stale until the next refresh', async () => {
    const person = await tandem.person();
    const old = await tandem.login(person);
    expect(await account(['role', person.email, 'ADMIN'])).toMatchObject({ exitCode: 0, stderr: '' });
    expect(refusal(await read(old.authToken))).toMatchObject({
      code: 'UNAUTHENTICATED',
      reason: 'TOKEN_STALE',
      recovery: 'REFRESH',
    });
    const reply = await tandem.refresh(old.refreshToken);
    expect(reply.data.refreshToken.account.role).toBe('ADMIN');
    expect((await read(tokensOf(reply.data.refreshToken).authToken)).status).toBe(200);
  });

  it('sets a password and revokes all sessions before it returns', async () => {
    const person = await tandem.person();
    const { authToken } = await tandem.login(person);
    const password = 'a passphrase from the operator';
    expect(await account(['set-password', person.email], `${password}\n`)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(refusal(await read(authToken))).toMatchObject({ status: 401, reason: 'TOKEN_REVOKED' });
    expect(refusal(await logIn(person.email, PASSWORD))).toMatchObject({ reason: 'WRONG_EMAIL_OR_PASSWORD' });
    expect((await logIn(person.email, password)).status).toBe(200);
  });

  it('keeps the password when the new one violates the rules', async () => {
    const person = await tandem.person();
    expect(await account(['set-password', person.email], 'short\n')).toMatchObject({ exitCode: 1, stdout: '' });
    await tandem.login(person);
  });

  it('revokes all sessions of an account, which can log in again', async () => {
    const person = await tandem.person();
    const { authToken } = await tandem.login(person);
    expect(await account(['revoke-sessions', person.email])).toMatchObject({ exitCode: 0, stderr: '' });
    expect(refusal(await read(authToken))).toMatchObject({ reason: 'TOKEN_REVOKED' });
    await tandem.login(person);
  });

  it('shows the security events of an account, newest first', async () => {
    const person = await tandem.person();
    await tandem.login(person);
    await account(['revoke-sessions', person.email]);
    const shown = await account(['events', person.email]);
    expect(shown).toMatchObject({ exitCode: 0, stderr: '' });
    const [, newest, oldest] = shown.stdout.split('\n').map((line) => line.split(/ {2,}/));
    expect(newest?.slice(1, 3)).toEqual(['SESSION_ENDED', 'REVOKED']);
    expect(oldest?.[1]).toBe('LOGGED_IN_ON_NEW_DEVICE');
  });

  it('deletes an account with everything that belongs to it, once it is disabled', async () => {
    const person = await tandem.person();
    const { authToken } = await tandem.login(person);
    expect(await account(['delete', person.email])).toMatchObject({ exitCode: 1, stdout: '' });
    expect((await read(authToken)).status).toBe(200);

    await account(['disable', person.email]);
    expect(await account(['delete', person.email])).toMatchObject({ exitCode: 0, stderr: '' });
    expect(refusal(await read(authToken))).toMatchObject({ reason: 'TOKEN_REVOKED' });
    expect(refusal(await logIn(person.email, PASSWORD))).toMatchObject({ reason: 'WRONG_EMAIL_OR_PASSWORD' });
    expect(await tandem.database.session.count({ where: { accountId: person.id } })).toBe(0);
    expect(await tandem.database.securityEvent.count({ where: { accountId: person.id } })).toBe(0);
  });

  it('prints its usage and exits with 0 for --help', async () => {
    const help = await account(['--help']);
    expect(help).toMatchObject({ exitCode: 0, stderr: '' });
    expect(help.stdout).toContain('set-password <email>');
  });

  it('creates no account when the password violates the rules', async () => {
    const refused = await account(['create', 'refused@example.com', 'Refused'], 'Password 1234567!\n');
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(await tandem.database.account.count({ where: { email: 'refused@example.com' } })).toBe(0);
  });

  it('rejects an e-mail address that is taken, in any spelling', async () => {
    const { email } = await tandem.person();
    const refused = await account(['create', email.toUpperCase(), 'Again'], 'a long enough passphrase\n');
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
  });

  it('exits with 1 and a message without a stack trace on a usage error', async () => {
    const mistakes = [
      [],
      ['constructor'],
      ['create', 'no-name@example.com'],
      ['create', 'not an address', 'Name'],
      ['list', '--colour'],
      ['disable', 'nobody@example.com'],
      ['role', 'nobody@example.com', 'KING'],
    ];
    for (const refused of await Promise.all(mistakes.map((args) => account(args, 'a long enough passphrase\n')))) {
      expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
      expect(refused.stderr).toMatch(/\S/);
      expect(refused.stderr).not.toMatch(/^ +at /m);
    }
  });

  it('reads .env, warns of its unknown names, and creates a missing database for the first account', async () => {
    const path = join(scratch.path, '.env');
    writeFileSync(path, `DATABASE_URL=${scratch.url}\nDATABASE_URI=x\n`);
    const args = ['create', 'first@example.com', 'First'];
    const made = await runProgram(scratch.path, 'cli/account.js', { args, input: 'a long enough passphrase\n' });
    const listed = await runProgram(scratch.path, 'cli/account.js', { args: ['list'] });
    rmSync(path);
    expect(made).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/^DATABASE_URI in .env is not a setting/),
    });
    expect(listed.stdout.trim().split('\n')).toHaveLength(2);
  });

  it.each([['list'], ['events', 'a@example.com'], ['disable', 'a@example.com'], ['delete', 'a@example.com']])(
    'creates no database: %s',
    async (...args) => {
      const environment = { DATABASE_URL: 'file:missing.db' };
      const found = await runProgram(scratch.path, 'cli/account.js', { args, environment });
      expect(found).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining('missing.db') });
      expect(existsSync(join(scratch.path, 'missing.db'))).toBe(false);
    },
  );
});
