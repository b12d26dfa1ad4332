import { openDatabase } from '../../src/database/client.js';
import { startTandem, type Tandem, type Tokens } from '../support/harness.js';

const STATUS = '{ tokenStatus { state reason } }';
const VALID = { tokenStatus: { state: 'VALID', reason: null } };
/** The statements with which the revocation feed polls. They do not depend on requests. */
const OF_THE_FEED = /PRAGMA data_version|\b(endedAt|roleChangedAt)\W+>=/;

describe('a request with a valid auth token', () => {
  let tandem: Tandem;
  let statements: string[];
  beforeEach(async () => {
    statements = [];
    tandem = await startTandem({}, (options) =>
      openDatabase({ ...options, onStatement: (sql) => statements.push(sql) }),
    );
  });
  afterEach(() => tandem.close());

  const ask = ({ authToken }: Tokens, server = tandem) => server.send(STATUS, {}, { token: authToken });

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

  it('is served 100 times after a login without a database read', async () => {
    const tokens = await tandem.login();
    expect(await statementsOf(() => askTimes(100, tokens))).toEqual([]);
    expect(await statementsOf(() => tandem.refresh(tokens.refreshToken))).not.toEqual([]); // proves that statements are counted
  });

  it('is served 100 times concurrently without a database read', async () => {
    const tokens = await tandem.login();
    const together = () => Promise.all(Array.from({ length: 100 }, () => askTimes(1, tokens)));
    expect(await statementsOf(together)).toEqual([]);
  });

  it('reads the session once on an instance that has not seen it', async () => {
    const tokens = await tandem.login();
    const instance = await tandem.startInstance();
    await instance.app.drain();
    const lookUp = await statementsOf(() => askTimes(1, tokens, instance));
    expect(lookUp.filter((statement) => /\bSession\b/.test(statement))).toHaveLength(1);
    expect(lookUp.filter((statement) => /\bAccount\b/.test(statement))).toHaveLength(1);
    expect(lookUp).toHaveLength(2);
    expect(await statementsOf(() => askTimes(100, tokens, instance))).toEqual([]);
  });
});
