import { onServer } from '../../support/databases.js';
import { PROTECTED, refusal, startTandem, type Tandem } from '../../support/harness.js';
import { until } from '../../support/until.js';

const UNAVAILABLE = { status: 503, code: 'SERVICE_UNAVAILABLE', reason: null, recovery: 'RETRY' };
const SEARCH = '{ posts(filter: { search: "x" }) { totalCount } }';
const LOCKS = `SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted AND relation = '"Post"'::regclass`;

describe('while the table of posts is locked', () => {
  let tandem: Tandem;
  let locked: Promise<unknown>;
  beforeEach(async () => {
    tandem = await startTandem({ DATABASE_POOL_SIZE: '4', DATABASE_STATEMENT_TIMEOUT_MS: '2000' });
  });
  afterEach(async () => {
    await locked;
    await tandem.close();
  });

  async function lock(): Promise<void> {
    const { url } = tandem.config.database;
    locked = onServer(url, 'BEGIN', 'LOCK TABLE "Post" IN ACCESS EXCLUSIVE MODE', 'SELECT pg_sleep(4.5)', 'COMMIT');
    const isLocked = `SELECT count(*)::int AS n FROM pg_locks WHERE granted AND mode = 'AccessExclusiveLock'
      AND relation = '"Post"'::regclass`;
    await until(async () => (await onServer(url, isLocked))[0]?.['n'] === 1);
  }

  it('logins and refreshes succeed, and posts return 503', async () => {
    const person = await tandem.person();
    const { authToken: token, refreshToken } = await tandem.login(person);
    await lock();
    let answered = 0;
    const posts = [PROTECTED, ...Array<string>(10).fill(SEARCH)].map(async (query) => {
      const reply = await tandem.send(query, {}, { token });
      answered += 1;
      return reply;
    });
    // Both connections for posts are busy.
    await until(async () => (await onServer(tandem.config.database.url, LOCKS))[0]?.['n'] === 2);
    expect((await tandem.refresh(refreshToken)).status).toBe(200);
    await tandem.login(person);
    expect((await tandem.send('{ me { sessions { id } } }', {}, { token })).status).toBe(200);
    expect(answered).toBe(0);
    for (const reply of await Promise.all(posts)) expect(refusal(reply)).toEqual(UNAVAILABLE);
    await locked;
    await until(async () => (await tandem.send(SEARCH, {}, { token })).status === 200);
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
