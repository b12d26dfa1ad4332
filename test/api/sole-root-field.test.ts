import { PASSWORD, refusal, startTandem, type Tandem } from '../support/harness.js';

describe('a mutation next to another root field', () => {
  const REFUSED = { status: 400, code: 'BAD_USER_INPUT', reason: null, recovery: 'FIX_INPUT' };
  let tandem: Tandem;
  let email: string;
  beforeAll(async () => {
    tandem = await startTandem();
    ({ email } = await tandem.person());
  });
  afterAll(() => tandem.close());

  const aliases = (count: number, field: string) =>
    Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(' ');
  const login = 'login(input: $input) { tokenType }';
  const operation = (selections: string, fragments = '') =>
    `mutation M($input: LoginInput!) { ${selections} } ${fragments}`;
  const attempts = () => tandem.log().match(/"event":"login\.(failed|succeeded)"/g)?.length ?? 0;

  it.each([
    ['twice', operation(`a: ${login} b: ${login}`)],
    ['15 times', operation(aliases(15, login))],
    ['30 times', operation(aliases(30, login))],
    [
      '20 times, each in a fragment of its own',
      operation(
        Array(20)
          .fill(0)
          .map((_, i) => `... { a${i}: ${login} }`)
          .join(' '),
      ),
    ],
    ['beside a logout', operation(`${login} logout { loggedOut }`)],
    ['in an inline fragment', operation(`a: ${login} ... { b: ${login} }`)],
    ['in a typed inline fragment', operation(`... on Mutation { a: ${login} b: ${login} }`)],
    ['in a fragment', operation(`a: ${login} ...F`, `fragment F on Mutation { b: ${login} }`)],
    [
      'in two fragments',
      operation('...F ...G', `fragment F on Mutation { a: ${login} } fragment G on Mutation { b: ${login} }`),
    ],
    [
      'in a fragment of a fragment',
      operation('...F', `fragment F on Mutation { a: ${login} ...G } fragment G on Mutation { ... { b: ${login} } }`),
    ],
    ['and skipped', operation(`a: ${login} b: login(input: $input) @skip(if: true) { tokenType }`)],
    ['and not included', operation(`a: ${login} ... @include(if: false) { b: ${login} }`)],
  ])('is rejected before any password is verified when login stands %s', async (_how, query) => {
    const before = attempts();
    const reply = await tandem.send(query, { input: { email, password: PASSWORD } });
    expect(refusal(reply)).toEqual(REFUSED);
    expect(Object.keys(JSON.parse(reply.text))).toEqual(['errors']);
    expect(attempts()).toBe(before);
  });

  it('is rejected before any password is verified when it occurs 100 times', async () => {
    const before = attempts();
    const reply = await tandem.send(operation(aliases(100, login)), { input: { email, password: PASSWORD } });
    expect(reply.status).toBe(400);
    expect(Object.keys(JSON.parse(reply.text))).toEqual(['errors']);
    expect(attempts()).toBe(before);
  });

  it('is rejected before any token is exchanged when refreshToken stands next to another field', async () => {
    const { refreshToken, authToken } = await tandem.login();
    const refresh = 'refreshToken(input: $input) { tokenType }';
    for (const selections of [`a: ${refresh} b: ${refresh}`, `... { ${refresh} } logout { loggedOut }`]) {
      const query = `mutation M($input: RefreshTokenInput!) { ${selections} }`;
      expect(refusal(await tandem.send(query, { input: { refreshToken } }))).toEqual(REFUSED);
    }
    const { data } = await tandem.send('{ me { sessions { createdAt lastUsedAt } } }', {}, { token: authToken });
    for (const session of data.me.sessions) expect(session.lastUsedAt).toBe(session.createdAt);
  });

  it.each([
    ['by name', operation(login)],
    ['by an alias', operation(`pair: ${login}`)],
    ['in a fragment', operation('...F', `fragment F on Mutation { ... { ${login} } }`)],
  ])('is executed when it is the only field, %s', async (_how, query) => {
    const before = attempts();
    expect((await tandem.send(query, { input: { email, password: PASSWORD } })).status).toBe(200);
    expect(attempts()).toBe(before + 1);
  });

  it('is rejected in a batch of requests', async () => {
    const before = attempts();
    const one = { query: operation(login), variables: { input: { email, password: PASSWORD } } };
    const response = await fetch(`${tandem.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([one, one]),
    });
    expect(response.status).toBe(400);
    expect(attempts()).toBe(before);
  });
});
