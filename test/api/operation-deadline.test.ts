import { refusal, LOGIN, PASSWORD, startTandem, type Tandem } from '../support/harness.js';
import { heldDatabase } from '../support/held-database.js';
import { until } from '../support/until.js';

const TIMED_OUT = { status: 503, code: 'SERVICE_UNAVAILABLE', reason: null, recovery: 'RETRY' };

describe('an operation that takes longer than its deadline', () => {
  const database = heldDatabase();
  let patient: Tandem;
  let tandem: Tandem;
  let token: string;
  beforeAll(async () => {
    patient = await startTandem({}, database.open);
    token = (await patient.login()).authToken;
    tandem = await patient.startInstance({ OPERATION_TIMEOUT_MS: '100', PASSWORD_QUEUE: '10000' });
    // Caches the session, so that the tests hold statements of the operation only.
    await tandem.send('{ __typename me { id } }', {}, { token });
  });
  afterEach(() => database.release());
  afterAll(() => patient.close());

  it.each([
    ['a list', '{ posts(first: 1) { nodes { id author { id } } totalCount } }'],
    ['a search', '{ posts(filter: { search: "abc" }) { nodes { id } totalCount } }'],
    ['an account', '{ me { sessions { id } securityEvents { totalCount } } }'],
  ])('fails with 503, without data and without further statements, if it reads %s', async (_what, query) => {
    database.hold();
    const reply = await tandem.send(`query Slow ${query}`, {}, { token });
    expect(refusal(reply)).toEqual(TIMED_OUT);
    expect(reply.data).toBeUndefined();
    expect(reply.headers.get('retry-after')).toMatch(/^\d+$/);
    const { length } = database.statements;
    database.release();
    await tandem.app.accounts.list(); // reads after whatever the query would have read
    expect(database.statements.slice(length).filter((text) => /Post|Session|SecurityEvent/.test(text))).toEqual([]);
    expect(tandem.log()).toMatch(/"event":"operation.timeout".*"operation":"Slow"/);
  });

  it('reports the success of a mutation', async () => {
    database.hold();
    const input = { title: 'Slow', body: '' };
    const mutation = 'mutation ($input: CreatePostInput!) { createPost(input: $input) { post { title } } }';
    const response = tandem.send(mutation, { input }, { token });
    const timeouts = () => tandem.log().split('operation.timeout').length;
    const before = timeouts();
    await until(() => timeouts() > before);
    database.release();
    expect((await response).data).toEqual({ createPost: { post: { title: 'Slow' } } });
  });

  it('fails with 503 if it waits to hash a password, and counts no login attempt', async () => {
    const { email } = await tandem.person();
    const attempts = async () =>
      (await tandem.database.attemptLimit.aggregate({ _sum: { attempts: true } }))._sum.attempts;
    const before = await attempts();
    const busy = Array.from({ length: 2000 }, () => tandem.app.hashing.hash(PASSWORD));
    const reply = await tandem.send(LOGIN, { input: { email, password: PASSWORD } });
    expect(refusal(reply)).toEqual(TIMED_OUT);
    await Promise.all(busy);
    expect(await attempts()).toBe(before);
  });
});
