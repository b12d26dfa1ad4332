import { LOGIN, PASSWORD, refusal, startTandem, type Tandem } from '../../support/harness.js';

const SALT = 'c2FsdHNhbHRzYWx0c2FsdA';
const HASH = 'aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g';

describe('a stored password hash that is damaged', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem()));
  afterAll(() => tandem.close());

  it.each([
    ['empty', ''],
    ['a word', 'hash'],
    ['the password itself', PASSWORD],
    ['the beginning of a hash', '$argon2id$v=19$m=19456,t=2,p=1$'],
    ['without a hash', `$argon2id$v=19$m=19456,t=2,p=1$${SALT}`],
    ['with a hash cut short', `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${HASH.slice(0, 20)}`],
    ['with too much memory', `$argon2id$v=19$m=4294967295,t=2,p=1$${SALT}$${HASH}`],
    ['with a memory cost that is not a safe integer', `$argon2id$v=19$m=99999999999999999999,t=2,p=1$${SALT}$${HASH}`],
    ['with too many rounds', `$argon2id$v=19$m=19456,t=4294967295,p=1$${SALT}$${HASH}`],
    ['without memory', `$argon2id$v=19$m=0,t=2,p=1$${SALT}$${HASH}`],
    ['without rounds', `$argon2id$v=19$m=19456,t=0,p=1$${SALT}$${HASH}`],
    ['with a salt that is not base64', `$argon2id$v=19$m=19456,t=2,p=1$${SALT}!!$${HASH}`],
    ['with a salt of an impossible length', `$argon2id$v=19$m=19456,t=2,p=1$${SALT}abc$${HASH}`],
    ['with a salt that is too long', `$argon2id$v=19$m=19456,t=2,p=1$${SALT.repeat(20)}$${HASH}`],
    ['with spare bits in its salt', `$argon2id$v=19$m=19456,t=2,p=1$${SALT.slice(0, -1)}B$${HASH}`],
    ['with spare bits in its hash', `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${HASH.slice(0, -1)}B`],
    ['with a hash of an impossible length', `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${HASH}ab`],
    ['with a hash that is too long', `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${HASH.repeat(20)}`],
    ['of another version', `$argon2id$v=16$m=19456,t=2,p=1$${SALT}$${HASH}`],
    ['of another algorithm', '$2b$12$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234'],
    ['with a line break', `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${HASH}\n`],
  ])('fails the login like a wrong password and is logged: %s', async (_what, passwordHash) => {
    const { id, email } = await tandem.person();
    await tandem.database.account.update({ where: { id }, data: { passwordHash } });
    const reply = await tandem.send(LOGIN, { input: { email, password: PASSWORD } });
    expect(refusal(reply)).toMatchObject({ status: 400, reason: 'WRONG_EMAIL_OR_PASSWORD' });
    const told = tandem
      .log()
      .split('\n')
      .filter((line) => line.includes(id) && line.includes('"error"'));
    expect(told.map((line) => JSON.parse(line))).toMatchObject([{ event: 'password_hash.unusable', accountId: id }]);
    expect(told.join()).not.toContain(HASH.slice(0, 20));
  });

  it('does not affect the logins of other accounts', async () => {
    expect((await tandem.login()).authToken).toMatch(/./);
  });
});
