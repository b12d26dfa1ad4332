import { openDatabase } from '../../../src/database/client.js';
import { refusal, startTandem, type GraphQLReply, type Tandem, type Tokens } from '../../support/harness.js';
import { sql } from '../../support/sql.js';
import { until } from '../../support/until.js';

const STATUS = '{ tokenStatus { state reason } }';
const VALID = { tokenStatus: { state: 'VALID', reason: null } };
const UNAVAILABLE = { status: 503, code: 'SERVICE_UNAVAILABLE', reason: null, recovery: 'RETRY' };
/** The statements with which the revocation feed polls. They do not depend on requests. */
const OF_THE_FEED = /PRAGMA data_version|\b(endedAt|cutAt|roleChangedAt)\W+>=/;

describe('a request with a valid auth token, while the SQLite file cannot be read', () => {
  let tandem: Tandem;
  let statements: string[];
  beforeEach(async () => {
    statements = [];
    tandem = await startTandem({}, (options) =>
      openDatabase({ ...options, onStatement: (statement) => statements.push(statement) }),
    );
  });
  afterEach(() => tandem.close());

  const ask = ({ authToken }: Tokens, server = tandem) => server.send(STATUS, {}, { token: authToken });
  const run = (statement: string) => sql(tandem.config.database.url, statement);

  /** The statements that an action causes on all servers. */
  async function statementsOf(action: () => Promise<unknown>): Promise<string[]> {
    await tandem.app.drain();
    statements.length = 0;
    await action();
    return statements.filter((statement) => !OF_THE_FEED.test(statement));
  }

  async function askTimes(times: number, tokens: Tokens, server = tandem): Promise<void> {
    for (let time = 0; time < times; time++) expect((await ask(tokens, server)).data).toEqual(VALID);
  }

  it('is checked against its row each time while the revocation feed is stale', async () => {
    const tokens = await tandem.login();
    const instance = await tandem.startInstance();
    await run('ALTER TABLE "Account" RENAME COLUMN "roleChangedAt" TO "elsewhere"');
    const lookUps = async (times: number) =>
      (await statementsOf(() => askTimes(times, tokens))).filter((statement) => /\bSession\b/.test(statement));
    await until(async () => (await lookUps(1)).length > 0);
    expect(await lookUps(10)).toHaveLength(10);

    await instance.send('mutation { logout { loggedOut } }', {}, { token: tokens.authToken });
    expect((await ask(tokens)).data.tokenStatus).toEqual({ state: 'REJECTED', reason: 'TOKEN_REVOKED' });

    await run('ALTER TABLE "Account" RENAME COLUMN "elsewhere" TO "roleChangedAt"');
    const next = await tandem.login();
    await until(async () => (await statementsOf(() => askTimes(1, next))).length === 0);
    expect((await ask(tokens)).data.tokenStatus).toEqual({ state: 'REJECTED', reason: 'TOKEN_REVOKED' });
  });

  it('gets 503 while the database is unreadable, and never 401', async () => {
    const tokens = await tandem.login();
    await run('ALTER TABLE "Session" RENAME TO "Elsewhere"');
    const replies: GraphQLReply[] = [];
    await until(async () => {
      const reply = await ask(tokens);
      replies.push(reply);
      return reply.status !== 200;
    });
    for (const reply of replies.slice(0, -1)) expect(reply.data).toEqual(VALID);
    const last = await ask(tokens);
    for (const reply of [replies.at(-1), last]) expect(reply && refusal(reply)).toEqual(UNAVAILABLE);
    expect(last.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(last.headers.has('www-authenticate')).toBe(false);
    await run('ALTER TABLE "Elsewhere" RENAME TO "Session"');
    expect((await ask(tokens)).data).toEqual(VALID);
  });
});
