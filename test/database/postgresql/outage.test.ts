import { onServer } from '../../support/databases.js';
import {
  LOGIN,
  PASSWORD,
  PROTECTED,
  refusal,
  startTandem,
  type GraphQLReply,
  type Person,
  type Tandem,
  type Tokens,
} from '../../support/harness.js';
import { change } from '../../support/posting.js';
import { tcpProxy, type TcpProxy } from '../../support/tcp-proxy.js';
import { until } from '../../support/until.js';

const UNAVAILABLE = { status: 503, code: 'SERVICE_UNAVAILABLE', reason: null, recovery: 'RETRY' };
const CONNECT_MS = 300;
const STATEMENT_MS = 500;

describe('the server, while PostgreSQL', () => {
  let direct: Tandem;
  let tandem: Tandem;
  let proxy: TcpProxy;
  let person: Person;
  let tokens: Tokens;
  beforeEach(async () => {
    direct = await startTandem();
    proxy = await tcpProxy(direct.config.database.url);
    tandem = await direct.startInstance({
      DATABASE_URL: proxy.url,
      DATABASE_CONNECT_TIMEOUT_MS: String(CONNECT_MS),
      DATABASE_STATEMENT_TIMEOUT_MS: String(STATEMENT_MS),
    });
    person = await tandem.person();
    tokens = await tandem.login(person);
  });
  afterEach(async () => {
    proxy.resume();
    await direct.close();
    await proxy.close();
  });

  const createPost = () => tandem.send(...change('createPost', { title: 'T', body: 'B' }), { token: tokens.authToken });
  const writes = () => [
    tandem.refresh(tokens.refreshToken),
    tandem.send(LOGIN, { input: { email: person.email, password: PASSWORD } }),
    createPost(),
    tandem.send('mutation { revokeOtherSessions { revokedCount } }', {}, { token: tokens.authToken }),
  ];

  function expectUnavailable(replies: readonly GraphQLReply[]): void {
    for (const reply of replies) {
      expect(refusal(reply)).toEqual(UNAVAILABLE);
      expect(reply.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(reply.headers.has('www-authenticate')).toBe(false);
      expect(reply.text).not.toMatch(/postgres|prisma|127\.0\.0\.1|select|update|timeout/i);
    }
  }

  /** Resolves when requests succeed again, with the refresh token from before the outage too. */
  async function expectRecovery(): Promise<void> {
    let ids: string[] = [];
    await until(async () => {
      const replies = await Promise.all(Array.from({ length: 20 }, createPost));
      ids = replies.flatMap(({ status, data }) => (status === 200 ? [data.createPost.post.id as string] : []));
      return ids.length === replies.length;
    });
    const [stored] = await onServer(
      direct.config.database.url,
      `SELECT count(*)::int AS n FROM "Post" WHERE id IN ('${ids.join("','")}')`,
    );
    expect(stored).toEqual({ n: 20 });
    expect((await tandem.refresh(tokens.refreshToken)).errors).toBeUndefined();
    const stuck = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'`;
    await until(async () => (await onServer(direct.config.database.url, stuck))[0]?.['n'] === 0);
  }

  it.each(['cut', 'pause'] as const)(
    'is unreachable (%s), returns 503 in bounded time and recovers by itself',
    async (fault) => {
      proxy[fault]();
      const startedAt = performance.now();
      expectUnavailable(await Promise.all(writes()));
      // The time of a hash, a statement that hangs, and a ROLLBACK that hangs.
      expect(performance.now() - startedAt).toBeLessThan(CONNECT_MS + 3 * (STATEMENT_MS + 500) + 2000);
      await until(async () => (await tandem.send(PROTECTED, {}, { token: tokens.authToken })).status === 503);
      expect((await tandem.send('{ __typename }')).status).toBe(200);
      expect((await fetch(`${tandem.url}/readyz`)).status).toBe(503);
      expect((await fetch(`${tandem.url}/healthz`)).status).toBe(200);
      proxy.resume();
      await expectRecovery();
      await until(async () => (await fetch(`${tandem.url}/readyz`)).status === 200);
    },
  );

  it('hangs during transactions, leaves none of them open', async () => {
    const asked = Array.from({ length: 5 }, writes).flat();
    proxy.pause();
    const replies = await Promise.all(asked);
    for (const reply of replies) if (reply.status !== 200) expectUnavailable([reply]);
    proxy.resume();
    const latest = replies.map(({ data }) => data?.refreshToken?.refreshToken as string | undefined).find(Boolean);
    tokens = { ...tokens, refreshToken: latest ?? tokens.refreshToken };
    await expectRecovery();
  });

  it('is slow, ends a statement at its timeout', async () => {
    const locked = onServer(
      direct.config.database.url,
      'BEGIN',
      'LOCK TABLE "Session" IN ACCESS EXCLUSIVE MODE',
      `SELECT pg_sleep(${(2 * STATEMENT_MS) / 1000})`,
      'COMMIT',
    );
    await until(async () => {
      const reply = await tandem.refresh(tokens.refreshToken);
      if (reply.status === 200) tokens = { ...tokens, refreshToken: reply.data.refreshToken.refreshToken };
      else expectUnavailable([reply]);
      return reply.status === 503;
    });
    await locked;
    await expectRecovery();
  });

  it('is read-only, serves reads and returns 503 for writes', async () => {
    const readOnly = async (state: 'on' | 'off') => {
      const [row] = await onServer(direct.config.database.url, 'SELECT current_database() AS name');
      await onServer(
        direct.config.database.url,
        'SET default_transaction_read_only = off',
        `ALTER DATABASE "${String(row?.['name'])}" SET default_transaction_read_only = ${state}`,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'tandem'`,
      );
    };
    await readOnly('on');
    await until(async () => (await tandem.send(PROTECTED, {}, { token: tokens.authToken })).status === 200);
    expectUnavailable(await Promise.all(writes()));
    expect((await tandem.send(PROTECTED, {}, { token: tokens.authToken })).status).toBe(200);
    await readOnly('off');
    await expectRecovery();
  });

  it('restarts during requests, logs nobody out', async () => {
    const kill = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`;
    for (let round = 0; round < 20; round++) {
      const [reply] = await Promise.all([
        tandem.refresh(tokens.refreshToken),
        onServer(direct.config.database.url, kill),
      ]);
      if (reply.status === 200) tokens = { ...tokens, refreshToken: reply.data.refreshToken.refreshToken };
      else expectUnavailable([reply]);
    }
    await expectRecovery();
  });
});
