import { storedIn } from '../../support/databases.js';
import { LOGIN, PASSWORD, refusal, startTandem, type Tandem } from '../../support/harness.js';

const REFUSED = {
  status: 400,
  code: 'INVALID_CREDENTIALS',
  reason: 'WRONG_EMAIL_OR_PASSWORD',
  recovery: 'FIX_INPUT',
};
const PREFIX_72 = 'p'.repeat(72);

describe('password login', () => {
  let tandem: Tandem;
  let count = 0;
  beforeAll(async () => (tandem = await startTandem({ PASSWORD_MEMORY_KIB: '19456' })));
  afterAll(() => tandem.close());

  const logIn = (email: string, password: string) => tandem.send(LOGIN, { input: { email, password } });
  const hashOf = async (id: string) =>
    (await tandem.database.account.findUniqueOrThrow({ where: { id }, select: { passwordHash: true } })).passwordHash;
  const withPassword = async (password: string) => {
    const email = `password-${count++}@example.com`;
    await tandem.app.accounts.create({
      email,
      displayName: 'P',
      passwordHash: await tandem.app.hashing.hash(password),
    });
    return email;
  };

  it('ignores the case of the e-mail address and blanks around it', async () => {
    const { email } = await tandem.person();
    expect((await logIn(` ${email.toUpperCase()} `, PASSWORD)).status).toBe(200);
  });

  it('opens a new session each time', async () => {
    const person = await tandem.person();
    const ids = await Promise.all(Array.from({ length: 5 }, async () => (await tandem.login(person)).sessionId));
    expect(new Set(ids).size).toBe(5);
  });

  it.each([
    ['as long as allowed', 'x'.repeat(256), 'x'.repeat(255)],
    ['as long as allowed, outside the basic plane', '🗝'.repeat(256), '🗝'.repeat(255)],
    ['the same in its first 72 bytes', `${PREFIX_72}a`, `${PREFIX_72}b`],
    ['with a blank at the end', 'a password with a blank ', 'a password with a blank'],
    ['with a blank in front', ' a password with a blank', 'a password with a blank'],
    ['with a NUL in the middle', 'before\0after, and more', 'before\0other, and more'],
    ['with a NUL at the end', 'ends in a NUL, this one\0', 'ends in a NUL, this one'],
    ['with a NUL in front', '\0starts with a NUL', ''],
    ['in another case', 'Case Does Matter Here', 'case does matter here'],
    ['in another script', 'пароль из многих слов', 'пароль из многих слoв'],
  ])('compares the whole password: %s', async (_what, password, other) => {
    const email = await withPassword(password);
    expect((await logIn(email, password)).status).toBe(200);
    expect(refusal(await logIn(email, other))).toEqual(REFUSED);
  });

  it.each(['NFC', 'NFD'] as const)(
    'accepts both Unicode normalization forms of a password: set in %s',
    async (form) => {
      const password = 'é à ü: ça va très bien ñ';
      const email = await withPassword(password.normalize(form));
      for (const typed of ['NFC', 'NFD']) expect((await logIn(email, password.normalize(typed))).status).toBe(200);
    },
  );

  it.each(['x'.repeat(257), 'x'.repeat(90_000)])(
    'rejects a password of more than 256 characters before hashing',
    async (password) => {
      const { email } = await tandem.person();
      const reply = await logIn(email, password);
      expect(refusal(reply)).toMatchObject({ status: 400, code: 'BAD_USER_INPUT', recovery: 'FIX_INPUT' });
      expect(reply.text).not.toContain('xxx');
    },
  );

  it('returns the same error for a wrong password, an unknown e-mail address and a disabled account', async () => {
    const [person, disabled] = [await tandem.person(), await tandem.person()];
    await tandem.disable(disabled.id);
    const replies = [
      await logIn(person.email, 'not the password at all'),
      await logIn('nobody@example.com', PASSWORD),
      await logIn('', ''),
      await logIn(disabled.email, PASSWORD),
    ];
    for (const reply of replies) {
      expect(refusal(reply)).toEqual(REFUSED);
      expect(reply.text).toBe(replies[0]?.text);
    }
    expect(await tandem.database.session.count({ where: { accountId: { in: [person.id, disabled.id] } } })).toBe(0);
  });

  it('leaves open sessions valid after repeated failures', async () => {
    const person = await tandem.person();
    const { authToken: token, refreshToken } = await tandem.login(person);
    for (let time = 0; time < 5; time++) await logIn(person.email, `wrong ${time}`);
    expect((await tandem.send('{ me { id } }', {}, { token })).status).toBe(200);
    expect((await tandem.refresh(refreshToken)).status).toBe(200);
  });

  it('stores argon2id hashes of the configured cost, each with its own salt', async () => {
    const stored = await Promise.all(['a', 'b'].map(async () => tandem.app.hashing.hash(PASSWORD)));
    for (const hash of stored) expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22,}\$[\w+/]{43}$/);
    expect(stored[0]).not.toBe(stored[1]);
  });

  it('hashes the password again only when the configured cost was raised', async () => {
    const costly = await tandem.startInstance({ PASSWORD_ITERATIONS: '3' });
    const person = await tandem.person();
    const cheap = await hashOf(person.id);
    await tandem.login(person);
    await tandem.app.drain();
    expect(await hashOf(person.id)).toBe(cheap);
    await costly.login(person);
    await costly.app.drain();
    const raised = await hashOf(person.id);
    expect(raised).toMatch(/^\$argon2id\$v=19\$m=19456,t=3,p=1\$/);
    await costly.login(person);
    await tandem.login(person);
    expect(await hashOf(person.id)).toBe(raised);
    expect(refusal(await logIn(person.email, 'wrong'))).toEqual(REFUSED);
  });

  it('writes no password and no token to the database or the log', async () => {
    const secret = 'canary-9f2c, a password that is nowhere else';
    const email = await withPassword(secret);
    const { login } = (await logIn(email, secret)).data;
    const { refreshToken } = (await tandem.refresh(login.refreshToken)).data;
    await logIn(email, `${secret}!`);
    await logIn('canary@example.com', secret);
    await tandem.send(LOGIN, { input: { email, password: { value: secret } } });
    await tandem.send(`mutation { login(input: { email: "${email}", password: "${secret}", no: 1 }) { tokenType } }`);
    const stored = (await storedIn(tandem.config.database.url)) + tandem.log();
    for (const { authToken, refreshToken: token } of [login, refreshToken]) {
      const bytes = Buffer.from(token.slice('tandem_rt_'.length), 'base64url');
      for (const form of ['latin1', 'hex', 'base64', 'base64url'] as const) {
        expect(stored).not.toContain(bytes.subarray(22).toString(form));
      }
      expect(stored).not.toContain(authToken.split('.').at(-1));
    }
    expect(stored).not.toContain('canary-9f2c');
    expect(tandem.log()).not.toContain('$argon2');
  });
});
