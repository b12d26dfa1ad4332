import { makeKey, signingKey, writeRing } from '../support/forge.js';
import {
  LOGIN,
  PASSWORD,
  refusal,
  startTandem,
  TOKENS,
  tokensOf,
  type GraphQLReply,
  type Person,
  type Tandem,
  type Tokens,
} from '../support/harness.js';

const CHANGE = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { ${TOKENS} } }`;
const NEW_PASSWORD = 'a passphrase that is new here';
const WRONG = { status: 400, code: 'INVALID_CREDENTIALS', reason: 'WRONG_EMAIL_OR_PASSWORD', recovery: 'FIX_INPUT' };
const REVOKED = { status: 401, code: 'UNAUTHENTICATED', reason: 'TOKEN_REVOKED', recovery: 'LOG_IN' };

describe('an account that changes while its password is verified', () => {
  let tandem: Tandem;
  let person: Person;
  beforeAll(async () => (tandem = await startTandem()));
  beforeEach(async () => (person = await tandem.person()));
  afterAll(() => tandem.close());

  const logIn = () => tandem.send(LOGIN, { input: { email: person.email, password: PASSWORD } });
  const changePassword = (token: string) =>
    tandem.send(CHANGE, { input: { currentPassword: PASSWORD, newPassword: NEW_PASSWORD } }, { token });
  const setHash = (passwordHash: string) =>
    tandem.database.account.update({ where: { id: person.id }, data: { passwordHash } });
  const storedHash = async () =>
    (await tandem.database.account.findUniqueOrThrow({ where: { id: person.id } })).passwordHash;
  const renewHash = async () => setHash(await tandem.app.hashing.hash(PASSWORD));
  const sessions = () => tandem.database.session.count({ where: { accountId: person.id } });

  /** Sends a request, and makes the change after each of its first `times` password verifications. */
  async function during(
    request: () => Promise<GraphQLReply>,
    change: () => Promise<unknown>,
    times = 1,
  ): Promise<GraphQLReply> {
    const { hashing } = tandem.app;
    const { verify, reserve } = hashing;
    let changes = 0;
    const changing =
      <Password extends unknown[]>(original: (...password: Password) => Promise<boolean>) =>
      async (...password: Password) => {
        const matches = await original(...password);
        if (changes++ < times) await change();
        return matches;
      };
    hashing.verify = changing(verify);
    hashing.reserve = (isAbandoned, work, isPreferred) =>
      reserve(isAbandoned, (verifyReserved) => work(changing(verifyReserved)), isPreferred);
    return request().finally(() => Object.assign(hashing, { verify, reserve }));
  }

  it('cannot log in when it was disabled', async () => {
    expect(refusal(await during(logIn, () => tandem.disable(person.id)))).toEqual(WRONG);
    expect(await sessions()).toBe(0);
  });

  it('cannot log in when it was deleted', async () => {
    const remove = () => tandem.database.account.delete({ where: { id: person.id } });
    expect(refusal(await during(logIn, remove))).toEqual(WRONG);
  });

  it('cannot log in with its previous password', async () => {
    const replace = async () => setHash(await tandem.app.hashing.hash(NEW_PASSWORD));
    expect(refusal(await during(logIn, replace))).toEqual(WRONG);
    expect(await sessions()).toBe(0);
  });

  it('can log in when its password was hashed again', async () => {
    expect((await during(logIn, renewHash)).errors).toBeUndefined();
    expect(await sessions()).toBe(1);
  });

  it('cannot log in when its password is hashed again during both attempts', async () => {
    expect(refusal(await during(logIn, renewHash, 2))).toEqual(WRONG);
    expect(await sessions()).toBe(0);
  });

  it('cannot change its password when it was disabled', async () => {
    const { authToken } = await tandem.login(person);
    const before = await storedHash();
    expect(
      refusal(
        await during(
          () => changePassword(authToken),
          () => tandem.disable(person.id),
        ),
      ),
    ).toEqual(REVOKED);
    expect(await storedHash()).toBe(before);
  });

  it('cannot change its password when the session was revoked', async () => {
    const { authToken, refreshToken } = await tandem.login(person);
    const before = await storedHash();
    const logOut = () =>
      tandem.send('mutation ($input: LogoutInput) { logout(input: $input) { loggedOut } }', {
        input: { refreshToken },
      });
    expect(refusal(await during(() => changePassword(authToken), logOut))).toEqual(REVOKED);
    expect(await storedHash()).toBe(before);
  });

  it('cannot change its password when another request replaced the password', async () => {
    const { authToken } = await tandem.login(person);
    const other = await tandem.app.hashing.hash('another passphrase of fifteen');
    expect(
      refusal(
        await during(
          () => changePassword(authToken),
          () => setHash(other),
        ),
      ),
    ).toEqual({ ...WRONG, reason: 'WRONG_PASSWORD' });
    expect(await storedHash()).toBe(other);
  });
});

describe('an active session', () => {
  let tandem: Tandem;
  let person: Person;
  let tokens: Tokens;
  beforeEach(async () => {
    tandem = await startTandem();
    person = await tandem.person();
    tokens = await tandem.login(person);
  });
  afterEach(() => tandem.close());

  it('cannot be refreshed when its account is disabled', async () => {
    const next = tokensOf((await tandem.refresh(tokens.refreshToken)).data.refreshToken);
    await tandem.disable(person.id);
    for (const { refreshToken } of [tokens, next]) {
      expect(refusal(await tandem.refresh(refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REVOKED' });
    }
  });

  it('cannot change the password when its secret is no longer in the key ring', async () => {
    const before = await tandem.database.account.findUniqueOrThrow({ where: { id: person.id } });
    writeRing(tandem, [signingKey(tandem), makeKey('HS256', { use: 'refresh' })]);
    const instance = await tandem.startInstance();
    const input = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    expect(refusal(await instance.send(CHANGE, { input }, { token: tokens.authToken }))).toEqual(REVOKED);
    expect(await tandem.database.account.findUniqueOrThrow({ where: { id: person.id } })).toEqual(before);
  });
});
