import {
  PASSWORD,
  PROTECTED,
  refusal,
  startTandem,
  TOKENS,
  tokensOf,
  type Person,
  type Tandem,
  type Tokens,
} from '../support/harness.js';

const REAUTHENTICATE = `mutation ($input: ReauthenticateInput!) { reauthenticate(input: $input) { ${TOKENS} } }`;
const SESSIONS =
  '{ me { sessions { id createdAt authenticatedAt } securityEvents(first: 1) { nodes { kind sessionId } } } }';
const WRONG = { status: 400, code: 'INVALID_CREDENTIALS', reason: 'WRONG_PASSWORD', recovery: 'FIX_INPUT' };

let tandem: Tandem;
let person: Person;
let here: Tokens;
beforeAll(async () => (tandem = await startTandem()));
beforeEach(async () => {
  person = await tandem.person();
  here = await tandem.login(person);
});
afterAll(() => tandem.close());

const prove = (password: string | undefined = PASSWORD, token = here.authToken, server = tandem) =>
  server.send(REAUTHENTICATE, { input: { password } }, { token });

describe('reauthenticate', () => {
  it('records when the person proved who they are, in this session only', async () => {
    const other = await tandem.login(person);
    tandem.clock.advance(60);
    const pair = tokensOf((await prove()).data.reauthenticate);
    const { me } = (await tandem.send(SESSIONS, {}, { token: pair.authToken })).data;
    const ages = Object.fromEntries(
      me.sessions.map(({ id, createdAt, authenticatedAt }: Record<string, string>) => [
        id,
        (Date.parse(authenticatedAt ?? '') - Date.parse(createdAt ?? '')) / 1000,
      ]),
    );
    expect(ages[here.sessionId]).toBeGreaterThanOrEqual(60);
    expect(ages[other.sessionId]).toBe(0);
    expect(me.securityEvents.nodes).toEqual([{ kind: 'REAUTHENTICATED', sessionId: here.sessionId }]);
  });

  it('continues the session with the returned pair alone', async () => {
    const pair = tokensOf((await prove()).data.reauthenticate);
    expect(pair.sessionId).toBe(here.sessionId);
    expect(refusal(await tandem.send(PROTECTED, {}, { token: here.authToken }))).toMatchObject({
      reason: 'TOKEN_STALE',
    });
    expect(refusal(await tandem.refresh(here.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_SUPERSEDED' });
    expect((await tandem.send(PROTECTED, {}, { token: pair.authToken })).status).toBe(200);
    expect((await tandem.refresh(pair.refreshToken)).status).toBe(200);
  });

  it('rejects a wrong password, and changes nothing', async () => {
    tandem.clock.advance(60);
    const reply = await prove('a wrong passphrase here');
    expect(refusal(reply)).toEqual(WRONG);
    expect(reply.errors?.[0]?.extensions['fields']).toMatchObject([
      { path: ['input', 'password'], reason: 'WRONG_PASSWORD' },
    ]);
    const { me } = (await tandem.send(SESSIONS, {}, { token: here.authToken })).data;
    expect(me.sessions[0].authenticatedAt).toBe(me.sessions[0].createdAt);
  });

  it('requires the password', async () => {
    const reply = await tandem.send(REAUTHENTICATE, { input: {} }, { token: here.authToken });
    expect(reply.errors?.[0]?.extensions['fields']).toMatchObject([
      { path: ['input', 'password'], reason: 'REQUIRED' },
    ]);
  });

  it('counts wrong passwords together with those of logins', async () => {
    const limited = await tandem.startInstance({ LOGIN_ATTEMPTS_PER_ACCOUNT: '2', LOGIN_ATTEMPTS_PER_PAIR: '2' });
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      expect(refusal(await prove('a wrong passphrase here', here.authToken, limited))).toEqual(WRONG);
    }
    const { email } = person;
    const login = await limited.send('mutation ($input: LoginInput!) { login(input: $input) { authToken } }', {
      input: { email, password: PASSWORD },
    });
    expect(refusal(login)).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
  });

  it('lets one of ten requests at the same moment cut the session', async () => {
    const replies = await Promise.all(Array.from({ length: 10 }, () => prove()));
    const won = replies.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    for (const reply of replies.filter(({ status }) => status !== 200)) {
      expect(refusal(reply)).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'TOKEN_STALE' });
    }
    expect((await tandem.refresh(won[0]?.data.reauthenticate.refreshToken)).status).toBe(200);
  });

  it('is TOKEN_REVOKED after a logout', async () => {
    await tandem.send('mutation { logout { loggedOut } }', {}, { token: here.authToken });
    expect(refusal(await prove())).toMatchObject({ reason: 'TOKEN_REVOKED' });
  });
});
