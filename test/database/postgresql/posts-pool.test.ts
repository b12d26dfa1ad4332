import pg from 'pg';
import { onServer } from '../../support/databases.js';
import { PROTECTED, refusal, startTandem, type GraphQLReply, type Tandem } from '../../support/harness.js';
import { until } from '../../support/until.js';

const UNAVAILABLE = { status: 503, code: 'SERVICE_UNAVAILABLE', reason: null, recovery: 'RETRY' };
const SEARCH = '{ posts(filter: { search: "x" }) { totalCount } }';
/** No timeout passes during a test. */
const PATIENT = {
  DATABASE_CONNECT_TIMEOUT_MS: '60000',
  DATABASE_STATEMENT_TIMEOUT_MS: '60000',
  OPERATION_TIMEOUT_MS: '60000',
};
const COUNT = '{ posts { totalCount } }';
const WAITING = `SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted AND relation = '"Post"'::regclass`;

describe('while the table of posts is locked', () => {
  let tandem: Tandem;
  let other: pg.Client;
  beforeEach(async () => {
    tandem = await startTandem({ DATABASE_POOL_SIZE: '4', DATABASE_STATEMENT_TIMEOUT_MS: '3000' });
    other = new pg.Client({ connectionString: tandem.config.database.url });
    await other.connect();
  });
  afterEach(async () => {
    await other.end();
    await tandem.close();
  });

  it('logins and refreshes succeed, and posts return 503', async () => {
    const person = await tandem.person();
    const { authToken: token, refreshToken } = await tandem.login(person);
    await other.query('BEGIN');
    await other.query('LOCK TABLE "Post" IN ACCESS EXCLUSIVE MODE');
    let answered = 0;
    const posts = [PROTECTED, ...Array<string>(10).fill(SEARCH)].map(async (query) => {
      const reply = await tandem.send(query, {}, { token });
      answered += 1;
      return reply;
    });
    // Both connections for posts are busy.
    await until(async () => (await onServer(tandem.config.database.url, WAITING))[0]?.['n'] === 2);
    expect((await tandem.refresh(refreshToken)).status).toBe(200);
    await tandem.login(person);
    expect((await tandem.send('{ me { sessions { id } } }', {}, { token })).status).toBe(200);
    expect(answered).toBe(0);
    for (const reply of await Promise.all(posts)) expect(refusal(reply)).toEqual(UNAVAILABLE);
    await other.query('COMMIT');
    expect((await tandem.send(SEARCH, {}, { token })).status).toBe(200);
  });

  it('a few of 500 lists wait for a connection, the others return 503 at once, and logins and refreshes succeed', async () => {
    const patient = await tandem.startInstance(PATIENT);
    const person = await tandem.person();
    const { authToken: token, refreshToken } = await patient.login(person);
    await other.query('BEGIN');
    await other.query('LOCK TABLE "Post" IN ACCESS EXCLUSIVE MODE');
    const replies: GraphQLReply[] = [];
    const lists = Array.from({ length: 500 }, async () => replies.push(await patient.send(COUNT, {}, { token })));
    // 2 hold the connections for posts, and 200 wait for one.
    await until(() => replies.length >= 298);
    const rejected = [...replies];
    expect((await patient.refresh(refreshToken)).status).toBe(200);
    await patient.login(person);
    await other.query('COMMIT');
    await Promise.all(lists);
    for (const reply of rejected) {
      expect(refusal(reply)).toEqual(UNAVAILABLE);
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(replies.filter(({ status }) => status === 200).length).toBe(202);
  });
});

it('opens at most DATABASE_POOL_SIZE connections, beside the one that listens', async () => {
  const tandem = await startTandem({ DATABASE_POOL_SIZE: '3' });
  const { authToken: token, refreshToken } = await tandem.login();
  const requests = Array.from({ length: 20 }, () => [
    tandem.send('{ posts { totalCount nodes { id } } }', {}, { token }),
    tandem.send('{ me { sessions { id } } }', {}, { token }),
  ]);
  await Promise.all([...requests.flat(), tandem.refresh(refreshToken)]);
  const [open] = await onServer(
    tandem.config.database.url,
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'tandem'`,
  );
  expect(open?.['n']).toBeLessThanOrEqual(3);
  await tandem.close();
});
