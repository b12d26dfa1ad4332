import { clearLimits, showLimits } from '../../src/cli/account-commands.js';
import { attemptCounting } from '../../src/limits/attempt-counting.js';
import { attemptStore } from '../../src/limits/attempt-store.js';
import { codeAttempts, type CodeAttempts } from '../../src/limits/code-attempts.js';
import { inTransaction } from '../../src/database/transaction.js';
import { createLogger } from '../../src/shared/logger.js';
import { failureOf } from '../support/failure.js';
import { refusal, startTandem, type Person, type Tandem } from '../support/harness.js';
import { heldDatabase } from '../support/held-database.js';
import { operate } from '../support/operator.js';

const NETWORK = '192.0.2.1';
const DAY = 86_400;

describe('a limit of attempts to guess a one-time code', () => {
  let tandem: Tandem;
  let person: Person;
  let codes: CodeAttempts;
  let statements: string[];
  beforeEach(async () => {
    const held = heldDatabase();
    statements = held.statements;
    tandem = await startTandem({}, held.open);
    tandem.clock.stopAt(Date.now());
    person = await tandem.person();
    codes = codesOf(tandem);
  });
  afterEach(() => tandem.close());

  const codesOf = ({ database, clock }: Pick<Tandem, 'database' | 'clock'>) =>
    codeAttempts(attemptCounting(database, attemptStore(database, 900_000), clock, createLogger('silent')), clock);
  const code = (id: string, seconds = DAY) => ({ id, expiresAt: new Date(tandem.clock.nowMs() + seconds * 1000) });
  const guess = (of: readonly { id: string; expiresAt: Date }[], ipAddress = NETWORK, limits = codes) =>
    limits.count(person.email, of, { ipAddress, userAgent: undefined, requestId: 'request' });
  /** Guesses until an attempt is rejected, and resolves to the number of attempts before. */
  async function guessUntilLimited(of: Parameters<typeof guess>[0], addressOf = (_index: number) => NETWORK) {
    for (let index = 0; index < 50; index += 1) {
      if (await failureOf(guess(of, addressOf(index)))) return index;
    }
    return 50;
  }

  it('allows five attempts from one client address until the code expires', async () => {
    const one = code('one');
    expect(await guessUntilLimited([one])).toBe(5);
    tandem.clock.advance(DAY - 100);
    expect(await failureOf(guess([one]))).toMatchObject({ kind: 'RATE_LIMITED', retryAfterSeconds: 100 });
  });

  it('counts an IPv6 network of 64 bits as one client address', async () => {
    expect(await guessUntilLimited([code('one')], (index) => `2001:db8::${index + 1}`)).toBe(5);
  });

  it('leaves the attempts of other client addresses alone, up to twenty in all', async () => {
    const one = code('one');
    await guessUntilLimited([one]);
    expect((await guess([one], '192.0.2.2')).codes).toEqual([one]);
    expect(await guessUntilLimited([one], (index) => `198.51.100.${index}`)).toBe(14);
  });

  it('gives a new code attempts of its own, while the earlier one has none left', async () => {
    const [one, other] = [code('one'), code('other')];
    await guessUntilLimited([one]);
    expect((await guess([one, other])).codes).toEqual([other]);
    expect(await guessUntilLimited([one, other])).toBe(4);
  });

  it('counts each of 50 attempts at the same moment, in two processes', async () => {
    const other = codesOf(await tandem.startInstance());
    const one = code('one');
    const failures = await Promise.all(
      Array.from({ length: 50 }, (_, index) => failureOf(guess([one], NETWORK, index % 2 ? other : codes))),
    );
    expect(failures.filter((failure) => failure === undefined)).toHaveLength(5);
    expect(new Set(failures.map((failure) => failure?.kind))).toEqual(new Set([undefined, 'RATE_LIMITED']));
  });

  it('does not count an attempt that was taken back, nor one that succeeded', async () => {
    const one = code('one');
    for (let time = 0; time < 30; time += 1) {
      const attempt = await guess([one]);
      if (time % 2) await attempt.takeBack();
      else await inTransaction(tandem.database, (transaction) => attempt.succeed(transaction));
    }
    expect(await guessUntilLimited([one])).toBe(5);
  });

  it('allows an attempt after the last one was taken back', async () => {
    const one = code('one');
    for (let time = 0; time < 4; time += 1) await guess([one]);
    await (await guess([one])).takeBack();
    expect(await guessUntilLimited([one])).toBe(1);
  });

  it.each([-1, -31_536_000])('counts on when the clock was set back by %i seconds', async (seconds) => {
    const one = code('one');
    await guess([one]);
    tandem.clock.advance(seconds);
    expect(await guessUntilLimited([one])).toBe(4);
  });

  it('counts nothing for an address without a code', async () => {
    for (let time = 0; time < 30; time += 1) {
      const attempt = await guess([]);
      expect(attempt.codes).toEqual([]);
      await attempt.takeBack();
    }
    expect(await tandem.database.attemptLimit.count()).toBe(0);
  });

  it('does the same work for a confidential code, whether or not it exists or allows the attempt', async () => {
    const confidential = (email: string, of: readonly { id: string; expiresAt: Date }[]) =>
      codes.countConfidential(email, of, { ipAddress: NETWORK, userAgent: undefined, requestId: 'request' });
    const one = code('one');
    const statementsSince = () => statements.splice(0).filter((text) => text.includes('AttemptLimit'));
    statementsSince();
    for (let time = 0; time < 7; time += 1) {
      const known = await confidential(person.email, [one]);
      const ofKnown = statementsSince();
      const unknown = await confidential('nobody@example.com', []);
      expect(statementsSince()).toEqual(ofKnown);
      expect([known.codes, unknown.codes]).toEqual([time < 5 ? [one] : [], []]);
    }
  });

  it('keeps no more than 512 rows for confidential codes that do not exist', async () => {
    for (let index = 0; index < 700; index += 1) {
      const ipAddress = `2001:db8:${index}::1`;
      const email = `nobody-${index}@example.com`;
      const { codes: found } = await codes.countConfidential(email, [], {
        ipAddress,
        userAgent: undefined,
        requestId: '',
      });
      expect(found).toEqual([]);
    }
    const rows = await tandem.database.attemptLimit.count();
    expect(rows).toBeGreaterThan(400);
    expect(rows).toBeLessThanOrEqual(512);
  });

  it.each(['revokeReportedSession', 'undoEmailChange'])('keeps no row for each name that %s is sent', async (field) => {
    const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { ${field}(input: $input) { __typename } }`;
    for (let index = 0; index < 10; index += 1) {
      const reply = await tandem.send(query, { input: { email: `nobody-${index}@example.com`, code: 'ZZZZ-ZZZZ' } });
      expect(refusal(reply)).toMatchObject({ status: 400, reason: 'ONE_TIME_TOKEN_INVALID' });
    }
    const keys = (await tandem.database.attemptLimit.findMany()).map(({ key }) => key);
    expect(keys.filter((key) => !/^no-code:\d+(:network)?$/.test(key))).toEqual([]);
    expect(keys.length).toBeGreaterThan(2);
  });

  it('keeps rows until the code expires', async () => {
    const store = attemptStore(tandem.database, 900_000);
    await guess([code('one', 7 * DAY)]);
    expect(await store.deleteExpired(tandem.clock.nowMs() + 7 * DAY * 1000, 10)).toBe(0);
    expect(await store.deleteExpired(tandem.clock.nowMs() + 7 * DAY * 1000 + 1, 10)).toBe(2);
  });

  it('can be shown and cleared by an operator', async () => {
    const one = code('one');
    await guessUntilLimited([one]);
    const table = await operate(showLimits, tandem, person);
    expect(table).toMatch(/^code +- +5 /m);
    expect(table).toMatch(/^code +192\.0\.2\.1 +5 /m);
    expect(await operate(clearLimits, tandem, person)).toBe('Limits cleared: 2.');
    expect(await guessUntilLimited([one])).toBe(5);
  });

  it('allows no attempt if its storage fails', async () => {
    await tandem.database.$executeRaw`ALTER TABLE "AttemptLimit" RENAME TO "Moved"`;
    expect(await failureOf(guess([code('one')]))).toMatchObject({ kind: 'SERVICE_UNAVAILABLE' });
  });
});
