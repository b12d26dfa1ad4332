import { clearLimits, showLimits } from '../../src/cli/account-commands.js';
import { attemptCounting } from '../../src/limits/attempt-counting.js';
import { attemptStore } from '../../src/limits/attempt-store.js';
import { mailRequests, type MailRequests } from '../../src/limits/mail-requests.js';
import { createLogger } from '../../src/shared/logger.js';
import { failureOf } from '../support/failure.js';
import { startTandem, type Person, type Tandem } from '../support/harness.js';
import { operate } from '../support/operator.js';

const HOUR = 3600;
/** The defaults. Most other tests are without limits. */
const LIMITS = { MAILS_PER_ACCOUNT_AND_HOUR: '5', MAILS_PER_ACCOUNT_AND_DAY: '20', MAILS_PER_ADDRESS_AND_HOUR: '30' };

describe('a limit of requested mails', () => {
  let tandem: Tandem;
  let person: Person;
  let mails: MailRequests;
  beforeEach(async () => {
    tandem = await startTandem(LIMITS);
    tandem.clock.stopAt(Date.now());
    person = await tandem.person();
    mails = mailsOf(tandem);
  });
  afterEach(() => tandem.close());

  function mailsOf({ config, database, clock }: Pick<Tandem, 'config' | 'database' | 'clock'>): MailRequests {
    const counting = attemptCounting(database, attemptStore(database, 900_000), clock, createLogger('silent'));
    return mailRequests(config.mailLimits, counting, clock);
  }
  const request = (email: string, ipAddress: string, limits = mails) =>
    limits.count(email, { ipAddress, userAgent: undefined, requestId: 'request' });
  const address = (index: number) => `198.51.100.${index % 250}`;
  /** Requests mails until one is rejected, and resolves to the number before. */
  async function requestUntilLimited(emailOf = (_index: number) => person.email, addressOf = address) {
    for (let index = 0; index < 100; index += 1) {
      if (await failureOf(request(emailOf(index), addressOf(index)))) return index;
    }
    return 100;
  }

  it.each(['an address with an account', 'nobody@example.com'])('allows five in an hour for %s', async (email) => {
    const emailOf = () => (email.includes('@') ? email : person.email);
    expect(await requestUntilLimited(emailOf)).toBe(5);
    tandem.clock.advance(HOUR - 100);
    expect(await failureOf(request(emailOf(), '192.0.2.1'))).toMatchObject({
      kind: 'RATE_LIMITED',
      retryAfterSeconds: 100,
    });
    tandem.clock.advance(100);
    expect(await requestUntilLimited(emailOf)).toBe(5);
  });

  it('allows 20 in a day for one e-mail address', async () => {
    for (let hour = 0; hour < 4; hour += 1) {
      expect(await requestUntilLimited()).toBe(5);
      tandem.clock.advance(HOUR);
    }
    expect(await failureOf(request(person.email, '192.0.2.1'))).toMatchObject({ retryAfterSeconds: 20 * HOUR });
    tandem.clock.advance(20 * HOUR);
    expect(await requestUntilLimited()).toBe(5);
  });

  it('allows 30 in an hour from one client address, for however many e-mail addresses', async () => {
    const emailOf = (index: number) => `nobody-${index}@example.com`;
    expect(await requestUntilLimited(emailOf, (index) => `2001:db8::${index + 1}`)).toBe(30);
    expect(await failureOf(request(person.email, '192.0.2.1'))).toBeUndefined();
  });

  it('counts each of 50 requests at the same moment, in two processes', async () => {
    const other = mailsOf(await tandem.startInstance());
    const failures = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        failureOf(request(person.email, address(index), index % 2 ? other : mails)),
      ),
    );
    expect(failures.filter((failure) => failure === undefined)).toHaveLength(5);
    expect(new Set(failures.map((failure) => failure?.kind))).toEqual(new Set([undefined, 'RATE_LIMITED']));
  });

  it('does not count a request that was taken back', async () => {
    for (let time = 0; time < 10; time += 1) await (await request(person.email, '192.0.2.1')).takeBack();
    expect(await requestUntilLimited()).toBe(5);
  });

  it('allows requests again when the clock was set back', async () => {
    await requestUntilLimited();
    tandem.clock.advance(-31_536_000);
    expect(await requestUntilLimited()).toBe(5);
  });

  it('can be one', async () => {
    const strict = await tandem.startInstance({ MAILS_PER_ACCOUNT_AND_HOUR: '1' });
    mails = mailsOf(strict);
    expect(await requestUntilLimited()).toBe(1);
    tandem.clock.advance(HOUR);
    expect(await requestUntilLimited()).toBe(1);
  });

  describe('while all clients have used up the mails of the hour', () => {
    const [hour, most] = [3600, 20];
    const nobody = (index: number) => `nobody-${index}@example.com`;
    beforeEach(async () => {
      mails = mailsOf(await tandem.startInstance({ MAILS_PER_HOUR: String(most) }));
      for (let index = 0; index < most; index += 1) await request(nobody(index), address(index));
    });
    const requestMany = (addressOf: (index: number) => string) =>
      requestUntilLimited((n) => nobody(n + 100), addressOf);

    it('allows each client address three in twelve hours, whatever the others do', async () => {
      expect(await requestMany(() => '203.0.113.1')).toBe(3);
      expect(await failureOf(request(person.email, '203.0.113.1'))).toMatchObject({ retryAfterSeconds: hour });
      expect(await requestMany((index) => `203.0.113.${index + 2}`)).toBe(100);
      expect(await failureOf(request(person.email, '192.0.2.1'))).toBeUndefined();
    });

    it('allows an IPv6 network of 48 bits three', async () => {
      expect(await requestMany((index) => `2001:db8:1:${(index + 1).toString(16)}::1`)).toBe(3);
      expect(await failureOf(request(person.email, '2001:db8:2::1'))).toBeUndefined();
    });

    it('still limits the mails to one e-mail address', async () => {
      expect(await requestUntilLimited()).toBe(5);
    });

    it('writes nothing for a rejected request', async () => {
      await requestMany(() => '203.0.113.1');
      const before = await tandem.database.attemptLimit.findMany();
      expect(await failureOf(request('other@example.com', '203.0.113.1'))).toBeDefined();
      expect(await tandem.database.attemptLimit.findMany()).toEqual(before);
    });

    it('allows them again when one was taken back', async () => {
      await (await request(nobody(most), '203.0.113.1')).takeBack();
      expect(await requestMany(() => '203.0.113.1')).toBe(3);
    });

    it.each([
      [hour, most],
      [-31_536_000, most + 3],
    ])('ends when the clock moves by %i seconds', async (seconds, allowed) => {
      await requestMany(() => '203.0.113.1');
      tandem.clock.advance(seconds);
      expect(await requestMany(() => '203.0.113.1')).toBe(allowed);
    });

    it('continues after a restart, and in another process', async () => {
      mails = mailsOf(await tandem.startInstance({ MAILS_PER_HOUR: String(most) }));
      expect(await requestMany(() => '203.0.113.1')).toBe(3);
    });

    it('can be cleared for a client address by an operator', async () => {
      await requestMany(() => '203.0.113.1');
      expect(await operate(clearLimits, tandem, { ...person, email: '203.0.113.1' })).toBe('Limits cleared: 2.');
      expect(await requestMany(() => '203.0.113.1')).toBe(3);
    });
  });

  it('rejects nobody at the moment when all clients use up the mails of the hour', async () => {
    const [one, other] = await Promise.all([0, 1].map(() => tandem.startInstance({ MAILS_PER_HOUR: '20' })));
    const limits = [one, other].map((instance) => instance && mailsOf(instance));
    const failures = await Promise.all(
      Array.from({ length: 60 }, (_, n) => failureOf(request(`nobody-${n}@example.com`, address(n), limits[n % 2]))),
    );
    expect(failures.filter((failure) => failure !== undefined)).toEqual([]);
    const all = await tandem.database.attemptLimit.findUnique({ where: { key: 'mail-all' } });
    expect(all?.attempts).toBe(20);
  });

  it('stores no e-mail address, and can be shown and cleared by an operator', async () => {
    await requestUntilLimited(undefined, () => '192.0.2.1');
    const rows = await tandem.database.attemptLimit.findMany();
    expect(JSON.stringify(rows.map(({ key }) => key))).not.toContain(person.email.split('@')[0]);
    expect(await operate(showLimits, tandem, person)).toMatch(/^mail-hour +- +5 /m);
    expect(await operate(clearLimits, tandem, person)).toBe('Limits cleared: 2.');
    expect(await operate(clearLimits, tandem, { ...person, email: '192.0.2.1' })).toBe('Limits cleared: 1.');
    expect(await requestUntilLimited()).toBe(5);
  });

  it('allows no request if its storage fails', async () => {
    await tandem.database.$executeRaw`ALTER TABLE "AttemptLimit" RENAME TO "Moved"`;
    expect(await failureOf(request(person.email, '192.0.2.1'))).toMatchObject({ kind: 'SERVICE_UNAVAILABLE' });
  });
});
