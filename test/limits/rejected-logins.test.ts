import { LOGIN, PASSWORD, refusal, startTandem, type Tandem } from '../support/harness.js';
import { heldDatabase } from '../support/held-database.js';

const login = 'login(input: $input) { tokenType }';
const typed = 'login(input: { email: "nobody@example.com", password: "a wrong passphrase here" }) { tokenType }';
const aliases = (count: number, field: string) => Array.from({ length: count }, (_, n) => `a${n}: ${field}`).join(' ');
const mutation = (selections: string, more = '') => `mutation M($input: LoginInput!) { ${selections} } ${more}`;

const SEVERAL: [string, string][] = [
  ['two aliases', mutation(`a: ${login} b: ${login}`)],
  ['more aliases than a document may have', mutation(aliases(31, login))],
  ['100 aliases, which are more tokens than the parser reads', `mutation { ${aliases(100, typed)} }`],
  ['aliases in a large body', `mutation { ${aliases(2, typed)} } #${'x'.repeat(50_000)}`],
  ['a document that is too long', `mutation { ${aliases(2, typed)} } #${'x'.repeat(100_000)}`],
  ['a fragment', mutation(`a: ${login} ...F`, `fragment F on Mutation { b: ${login} }`)],
  [
    'nested fragments',
    mutation('...F', `fragment F on Mutation { ...G ... { ${login} } } fragment G on Mutation { b: ${login} }`),
  ],
  ['a skipped field', mutation(`a: ${login} b: login(input: $input) @skip(if: true) { tokenType }`)],
  ['a protected field', mutation(`a: ${login} b: ${login} cancelEmailChange { account { id } }`)],
  ['a field that does not exist', mutation(`a: ${login} b: ${login} logIn`)],
  ['fields that cannot be merged', mutation(`${login} login(input: null) { tokenType }`)],
  ['operations without a name that selects one', `${mutation(login)} mutation N($input: LoginInput!) { ${login} }`],
  ['a syntax error after them', mutation(`a: ${login} b: ${login}`, '}')],
];

describe('a rejected request with several logins', () => {
  let tandem: Tandem;
  const database = heldDatabase();
  beforeEach(async () => {
    tandem = await startTandem({ TRUSTED_PROXIES: '127.0.0.1', LOGIN_ATTEMPTS_PER_ADDRESS: '3' }, database.open);
    tandem.clock.stopAt(Date.now());
    database.statements.length = 0;
  });
  afterEach(() => tandem.close());

  const input = { email: 'nobody@example.com', password: 'a wrong passphrase here' };
  const from = (ipAddress: string) => ({ headers: { 'x-forwarded-for': ipAddress } });
  const send = (query: string, ipAddress = '192.0.2.1') => tandem.send(query, { input }, from(ipAddress));
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${tandem.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '192.0.2.1', ...headers },
      body: JSON.stringify(body),
    });
  const counted = async () =>
    (await tandem.database.attemptLimit.findMany()).map(({ key, attempts }) => `${key} ${attempts}`);

  it.each(SEVERAL)('counts one attempt of the client address, each time: %s', async (_how, query) => {
    const first = await send(query);
    expect([400, 401]).toContain(first.status);
    expect(first.data).toBeUndefined();
    expect(await counted()).toEqual(['address:192.0.2.1 1']);
    const again = await send(query);
    expect([again.status, again.text]).toEqual([first.status, first.text]);
    expect(await counted()).toEqual(['address:192.0.2.1 2']);
    expect(tandem.log()).not.toContain('login.failed');
  });

  it('counts once as a batch', async () => {
    const one = { query: mutation(login), variables: { input } };
    expect((await post([{ query: '"' }, one, one])).status).toBe(400);
    expect(await counted()).toEqual(['address:192.0.2.1 1']);
  });

  it('counts if no operation has the name', async () => {
    const query = mutation(`a: ${login} b: ${login}`);
    expect((await post({ query, operationName: 'N', variables: { input } })).status).toBe(400);
    expect(await counted()).toEqual(['address:192.0.2.1 1']);
  });

  it('delays logins from its client address, and from no other', async () => {
    const person = await tandem.person();
    const logIn = (ipAddress: string) =>
      tandem.send(LOGIN, { input: { email: person.email, password: PASSWORD } }, from(ipAddress));
    expect((await logIn('192.0.2.2')).status).toBe(200);
    for (const ipAddress of ['192.0.2.1', '192.0.2.2']) {
      for (let time = 0; time < 9; time += 1) {
        const reply = await tandem.send(
          mutation(`a: ${login} b: ${login}`),
          { input: { ...input, email: person.email } },
          from(ipAddress),
        );
        expect(refusal(reply)).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
      }
    }
    expect(refusal(await logIn('192.0.2.1'))).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
    expect((await logIn('192.0.2.2')).status).toBe(200); // it logged in to the account before
    expect((await logIn('192.0.2.3')).status).toBe(200);
  });

  it.each([
    ['one login with an error', mutation('login(input: $input) { tokenTyp }')],
    ['one login beside another field', mutation(`${login} logout { loggedOut }`)],
    ['its name elsewhere', `mutation login($login: LoginInput!) { login: login(input: $login) { tokenTyp } } # login(`],
    ['its name in a text', `mutation { login(input: { email: "{ login(", password: """login(""" }) { tokenTyp } }`],
    ['no login', `mutation { ${aliases(40, 'logout { loggedOut }')} }`],
  ])('is not one with %s: it costs no statement', async (_what, query) => {
    expect((await send(query)).status).toBe(400);
    expect(database.statements.filter((text) => text.includes('AttemptLimit'))).toEqual([]);
  });

  it('is not one whose selected operation ran: the login counts as always', async () => {
    const query = `${mutation(login)} mutation N($input: LoginInput!) { ${login} }`;
    expect((await post({ query, operationName: 'N', variables: { input } })).status).toBe(400);
    expect((await counted()).map((row) => row.split(':')[0] ?? '').sort()).toEqual(['account', 'address', 'pair']);
    expect(await counted()).toContain('address:192.0.2.1 1');
  });

  it.each<Record<string, string>>([{}, { 'apollo-require-preflight': '1' }])(
    'does not count as a GET, which another site can send, with the headers %j',
    async (headers) => {
      const parameters = new URLSearchParams({ query: `mutation { ${aliases(2, typed)} }` });
      const response = await fetch(`${tandem.url}/graphql?${parameters}`, { headers });
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(await counted()).toEqual([]);
    },
  );

  it('does not count as a form, which another site can send', async () => {
    const body = JSON.stringify({ query: `mutation { ${aliases(2, typed)} }` });
    const response = await fetch(`${tandem.url}/graphql`, { method: 'POST', body });
    expect(response.status).toBe(415);
    expect(await counted()).toEqual([]);
  });

  it('gets the same response if the storage of the limits fails', async () => {
    const query = mutation(`a: ${login} b: ${login}`);
    const before = await send(query);
    await tandem.database.$executeRaw`ALTER TABLE "AttemptLimit" RENAME TO "Moved"`;
    const reply = await send(query);
    expect([reply.status, reply.text]).toEqual([before.status, before.text]);
    expect(tandem.log()).toContain('a rejected login was not counted');
  });
});
