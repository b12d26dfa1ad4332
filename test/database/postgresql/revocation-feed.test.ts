import { openDatabase } from '../../../src/database/client.js';
import { onServer } from '../../support/databases.js';
import { refusal, startTandem, type Tandem, type Tokens } from '../../support/harness.js';
import { tcpProxy, type TcpProxy } from '../../support/tcp-proxy.js';
import { until } from '../../support/until.js';

const STATUS = '{ tokenStatus { state reason } }';
const REVOKED = { state: 'REJECTED', reason: 'TOKEN_REVOKED' };
const VALID = { state: 'VALID', reason: null };
const UNAVAILABLE = { status: 503, code: 'SERVICE_UNAVAILABLE', reason: null, recovery: 'RETRY' };
const LISTENER = 'tandem listener';

describe('a session that is revoked on one instance', () => {
  let here: Tandem;
  let there: Tandem;
  let proxy: TcpProxy;
  let statements: string[];
  beforeEach(async () => {
    statements = [];
    here = await startTandem({}, (options) =>
      openDatabase({ ...options, onStatement: (statement) => statements.push(statement) }),
    );
    proxy = await tcpProxy(here.config.database.url);
    there = await here.startInstance({
      DATABASE_URL: proxy.url,
      DATABASE_CONNECT_TIMEOUT_MS: '300',
      DATABASE_STATEMENT_TIMEOUT_MS: '500',
    });
  });
  afterEach(async () => {
    proxy.resume();
    await here.close();
    await proxy.close();
  });

  const ask = async ({ authToken }: Tokens, server: Tandem) => server.send(STATUS, {}, { token: authToken });
  const stateOf = async (tokens: Tokens, server: Tandem) => (await ask(tokens, server)).data?.tokenStatus;
  const logOut = ({ authToken }: Tokens, server: Tandem) =>
    server.send('mutation { logout { loggedOut } }', {}, { token: authToken });

  it('is rejected by other instances after their notification, without a database read', async () => {
    const tokens = await here.login();
    expect(await stateOf(tokens, there)).toEqual(VALID);
    await logOut(tokens, there);
    statements.length = 0;
    const startedAt = performance.now();
    await until(async () => (await stateOf(tokens, here)).state === 'REJECTED');
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(await stateOf(tokens, here)).toEqual(REVOKED);
    expect(statements).toEqual([]);
  });

  it('is read from the database by an instance whose LISTEN connection was cut, until it listens again', async () => {
    const behindProxy = await here.startInstance({ DATABASE_URL: proxy.url });
    const tokens = await here.login();
    const other = await here.login();
    statements.length = 0;
    proxy.cut(LISTENER);
    await until(async () => {
      expect(await stateOf(other, behindProxy)).toEqual(VALID);
      return statements.some((statement) => statement.includes('Session'));
    });
    await logOut(tokens, here);
    expect(await stateOf(tokens, behindProxy)).toEqual(REVOKED);

    proxy.resume();
    await until(async () => {
      statements.length = 0;
      await ask(other, behindProxy);
      return statements.length === 0;
    });
    expect([await stateOf(tokens, behindProxy), await stateOf(other, behindProxy)]).toEqual([REVOKED, VALID]);
  });

  it.each(['cut', 'pause'] as const)(
    'is never accepted by an instance whose connections hang in a %s',
    async (fault) => {
      const tokens = await here.login();
      const other = await here.login();
      expect([await stateOf(tokens, there), await stateOf(other, there)]).toEqual([VALID, VALID]);
      proxy[fault]();
      await until(async () => (await ask(other, there)).status === 503);
      await logOut(tokens, here);
      for (const token of [tokens, other]) expect(refusal(await ask(token, there))).toEqual(UNAVAILABLE);
      proxy.resume();
      await until(async () => {
        const state = await stateOf(tokens, there);
        if (state) expect(state).toEqual(REVOKED); // never another state
        return state !== undefined && (await stateOf(other, there))?.state === 'VALID';
      });
    },
  );

  it('stays rejected by an instance that starts later', async () => {
    const tokens = await here.login();
    await logOut(tokens, here);
    expect(await stateOf(tokens, await here.startInstance())).toEqual(REVOKED);
  });

  it('is rejected at once, as are tokens with a changed role', async () => {
    const person = await here.person();
    const tokens = await here.login(person);
    const roleChange = { roleChanged: person.id, role: 'ADMIN' };
    await onServer(here.config.database.url, `SELECT pg_notify('tandem', '${JSON.stringify(roleChange)}')`);
    await until(async () => (await stateOf(tokens, here)).reason === 'TOKEN_STALE');
  });

  it('is not affected by unrelated notifications', async () => {
    const tokens = await here.login();
    for (const payload of ['', 'hello', '{"sessionEnded":1}', '[]']) {
      await onServer(here.config.database.url, `SELECT pg_notify('tandem', '${payload}')`);
    }
    expect(await stateOf(tokens, here)).toEqual(VALID);
  });
});
