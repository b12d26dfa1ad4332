import { setTimeout } from 'node:timers/promises';
import {
  LOGIN,
  PASSWORD,
  PROTECTED,
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
const WRONG_LOGIN = {
  status: 400,
  code: 'INVALID_CREDENTIALS',
  reason: 'WRONG_EMAIL_OR_PASSWORD',
  recovery: 'FIX_INPUT',
};
const WRONG = { ...WRONG_LOGIN, reason: 'WRONG_PASSWORD' };

describe('changePassword', () => {
  let tandem: Tandem;
  let person: Person;
  let here: Tokens;
  beforeAll(async () => (tandem = await startTandem({}, undefined, undefined, 'zxcvbn')));
  beforeEach(async () => {
    person = await tandem.person();
    here = await tandem.login(person);
  });
  afterAll(() => tandem.close());

  const change = (token: string | undefined, newPassword = NEW_PASSWORD, currentPassword = PASSWORD) =>
    tandem.send(CHANGE, { input: { currentPassword, newPassword } }, { token });
  const logIn = (password: string, server = tandem) => server.send(LOGIN, { input: { email: person.email, password } });
  const read = ({ authToken }: Tokens, server = tandem) => server.send(PROTECTED, {}, { token: authToken });

  it('replaces the password', async () => {
    expect((await change(here.authToken)).errors).toBeUndefined();
    expect(refusal(await logIn(PASSWORD))).toEqual(WRONG_LOGIN);
    expect((await logIn(NEW_PASSWORD)).data.login.account.id).toBe(person.id);
  });

  it('keeps the session and returns a valid token pair', async () => {
    const reply = await change(here.authToken);
    const pair = tokensOf(reply.data.changePassword);
    expect(pair.sessionId).toBe(here.sessionId);
    expect(reply.data.changePassword.session.current).toBe(true);
    expect(reply.data.changePassword.account).toMatchObject(person);
    expect((await read(pair)).status).toBe(200);
    const refreshed = tokensOf((await tandem.refresh(pair.refreshToken)).data.refreshToken);
    expect(refreshed.sessionId).toBe(here.sessionId);
    expect((await read(refreshed)).status).toBe(200);
  });

  it('revokes the other sessions of the account and no session of other accounts', async () => {
    const [other, stranger] = [await tandem.login(person), await tandem.login()];
    await change(here.authToken);
    expect(refusal(await read(other))).toMatchObject({ reason: 'TOKEN_REVOKED' });
    expect(refusal(await tandem.refresh(other.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REVOKED' });
    expect((await read(stranger)).status).toBe(200);
  });

  it('changes nothing without the current password', async () => {
    const other = await tandem.login(person);
    for (const guess of ['', 'a wrong passphrase here', PASSWORD.toUpperCase(), `${PASSWORD} `, 'x'.repeat(257)]) {
      const reply = await change(here.authToken, NEW_PASSWORD, guess);
      expect(reply.status).toBe(400);
      expect(reply.data?.changePassword).toBeUndefined();
    }
    expect(refusal(await change(here.authToken, NEW_PASSWORD, 'a wrong passphrase here'))).toEqual(WRONG);
    await expectUnchanged([here, other]);
  });

  it.each([
    ['of fourteen characters', () => 'fourteen chars'],
    ['of 257 characters', () => 'long enough, and then some: '.repeat(10).slice(0, 257)],
    ['of blanks', () => ' '.repeat(20)],
    ['of a repeated text', () => 'abcabcabcabcabcabc'],
    ['that is common', () => 'Password 1234567!'],
    ['that is the address', () => person.email],
  ])('rejects a new password %s and changes nothing', async (_what, newPassword) => {
    const other = await tandem.login(person);
    const reply = await change(here.authToken, newPassword());
    expect(refusal(reply)).toMatchObject({ status: 400, code: 'BAD_USER_INPUT', recovery: 'FIX_INPUT' });
    expect(reply.text).not.toContain(JSON.stringify(newPassword()).slice(1, -1));
    await expectUnchanged([here, other]);
  });

  it('accepts a new password of 15 and of 256 characters', async () => {
    const [short, long] = ['trombonebayteas', 'seven otters in a teapot, and then some: '.repeat(7).slice(0, 256)];
    const { authToken } = (await change(here.authToken, short)).data.changePassword;
    expect((await change(authToken, long, short)).errors).toBeUndefined();
    expect((await logIn(long)).errors).toBeUndefined();
  });

  it('requires a valid auth token', async () => {
    expect(refusal(await change(undefined))).toMatchObject({ status: 401, reason: 'TOKEN_MISSING' });
    await tandem.send('mutation { logout { loggedOut } }', {}, { token: here.authToken });
    expect(refusal(await change(here.authToken))).toMatchObject({ status: 401, reason: 'TOKEN_REVOKED' });
    expect((await logIn(PASSWORD)).errors).toBeUndefined();
  });

  it('succeeds for one of two concurrent sessions and revokes the other', async () => {
    const other = await tandem.login(person);
    const replies = await Promise.all([
      change(here.authToken, 'the passphrase of one'),
      change(other.authToken, 'the passphrase of two'),
    ]);
    const [won, ...more] = replies.filter(({ errors }) => !errors);
    expect(more).toEqual([]);
    const kept = tokensOf(won?.data.changePassword);
    expect((await read(kept)).status).toBe(200);
    expect(refusal(await read(kept.sessionId === here.sessionId ? other : here))).toMatchObject({
      reason: 'TOKEN_REVOKED',
    });
    const logins = [await logIn('the passphrase of one'), await logIn('the passphrase of two')];
    expect(logins.map(({ errors }) => !errors)).toEqual(replies.map(({ errors }) => !errors));
  });

  it('leaves no valid token of another session when it races logins and refreshes', async () => {
    const instance = await tandem.startInstance();
    for (let round = 0; round < 20; round++) {
      person = await tandem.person();
      const [changer, other] = [await tandem.login(person), await tandem.login(person)];
      // Later in each round, so that they overlap with every stage of the change.
      const after = <Result>(act: () => Promise<Result>) => setTimeout(round * 4).then(act);
      const replies = await Promise.all([
        ...[tandem, instance].map((server) => after(() => server.refresh(other.refreshToken))),
        ...[tandem, instance].map((server) => after(() => logIn(PASSWORD, server))),
        change(changer.authToken),
      ]);
      const changed = tokensOf(replies.pop()?.data.changePassword);
      const others = [other, ...replies.flatMap(pairsOf)];
      for (const server of [tandem, instance]) {
        for (const tokens of others) await expectDead(tokens, server);
        expect((await read(changed, server)).status).toBe(200);
      }
      expect((await tandem.refresh(changed.refreshToken)).errors).toBeUndefined();
    }
  });

  function pairsOf({ data }: GraphQLReply): Tokens[] {
    const pair = data?.login ?? data?.refreshToken;
    return pair ? [tokensOf(pair)] : [];
  }

  async function expectDead(tokens: Tokens, server: Tandem): Promise<void> {
    expect(refusal(await server.refresh(tokens.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REVOKED' });
    const deadline = performance.now() + 2000;
    while ((await read(tokens, server)).status === 200 && performance.now() < deadline) await setTimeout(20);
    expect(refusal(await read(tokens, server))).toMatchObject({ reason: 'TOKEN_REVOKED' });
  }

  async function expectUnchanged(sessions: Tokens[]): Promise<void> {
    for (const tokens of sessions) expect((await read(tokens)).status).toBe(200);
    expect((await logIn(PASSWORD)).errors).toBeUndefined();
  }
});

describe('changePassword in a session whose idle time has passed', () => {
  it('is rejected and changes nothing', async () => {
    const tandem = await startTandem({ REFRESH_TOKEN_IDLE_SECONDS: '600' });
    try {
      const person = await tandem.person();
      const { authToken: token } = await tandem.login(person);
      tandem.clock.advance(601);
      const input = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
      expect(refusal(await tandem.send(CHANGE, { input }, { token }))).toMatchObject({ reason: 'TOKEN_EXPIRED' });
      expect((await tandem.login(person)).authToken).toBeDefined();
    } finally {
      await tandem.close();
    }
  });
});
