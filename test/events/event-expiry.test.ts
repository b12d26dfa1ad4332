import { readFileSync } from 'node:fs';
import { verifyEvents } from '../../src/events/event-audit.js';
import { parseKeyRing } from '../../src/keys/key-ring-jwks.js';
import { cleanUp } from '../support/cleanup.js';
import { startTandem, type Person, type Tandem } from '../support/harness.js';

const DAY = 86_400;

describe('a security event', () => {
  let tandem: Tandem;
  let person: Person;
  const start = async (environment: Record<string, string> = {}) => {
    tandem = await startTandem(environment);
    person = await tandem.person();
  };
  afterEach(() => tandem.close());

  const logIn = async (times: number) => {
    for (let time = 0; time < times; time++) await tandem.login(person);
  };
  const stored = () =>
    tandem.database.securityEvent.findMany({ where: { accountId: person.id }, orderBy: { sequence: 'asc' } });
  const sequences = async () => (await stored()).map(({ sequence }) => sequence);
  const audit = () => {
    const { eventKeys } = parseKeyRing(readFileSync(tandem.keyRingPath, 'utf8'), tandem.keyRingPath);
    return verifyEvents(tandem.database, eventKeys, []);
  };
  const expectIntact = async (expired: number) => expect(await audit()).toEqual({ expired, faults: [] });

  it('is kept for 400 days by default', async () => {
    await start();
    await logIn(2);
    tandem.clock.advance(400 * DAY - 60);
    await cleanUp(tandem);
    expect(await sequences()).toEqual([1, 2]);
    tandem.clock.advance(120);
    await cleanUp(tandem);
    expect(await sequences()).toEqual([]);
    await logIn(1);
    expect(await sequences()).toEqual([3]);
    await expectIntact(2);
  });

  it('is kept if the lifetime is 0', async () => {
    await start({ SECURITY_EVENT_LIFETIME_DAYS: '0' });
    await logIn(1);
    tandem.clock.advance(4000 * DAY);
    await cleanUp(tandem);
    expect(await sequences()).toEqual([1]);
  });

  it('is kept while the key ring has no key for security events, because its expiry could not be proved', async () => {
    await start({ SECURITY_EVENT_LIFETIME_DAYS: '30' });
    await logIn(1);
    const { keys } = JSON.parse(readFileSync(tandem.keyRingPath, 'utf8'));
    const other = await tandem.startInstance({ KEY_RING: JSON.stringify({ keys }) });
    tandem.clock.advance(31 * DAY);
    await cleanUp(other);
    expect(await sequences()).toEqual([1]);
  });

  describe('that is older than the lifetime', () => {
    beforeEach(() => start({ SECURITY_EVENT_LIFETIME_DAYS: '30', SESSION_LIMIT: '1000' }));

    it('is deleted with all others of its age, and the owner sees the rest', async () => {
      await logIn(120);
      tandem.clock.advance(31 * DAY);
      const { authToken: token } = await tandem.login(person);
      await cleanUp(tandem);
      expect(await sequences()).toEqual([121]);
      const query = '{ me { securityEvents(first: 10) { totalCount nodes { kind } } } }';
      const { data } = await tandem.send(query, {}, { token });
      expect(data.me.securityEvents).toMatchObject({ totalCount: 1, nodes: [{}] });
      expect(tandem.log()).toContain('security_events.expired');
      await expectIntact(120);
    });

    it('is deleted once when several processes delete at the same time, while logins add events', async () => {
      const others = [await tandem.startInstance(), await tandem.startInstance()];
      const people = [person, await tandem.person(), await tandem.person()];
      for (let time = 0; time < 60; time++) await Promise.all(people.map((one) => tandem.login(one)));
      tandem.clock.advance(31 * DAY);
      await Promise.all([cleanUp(tandem, ...others), ...people.map((one) => others[0]?.login(one))]);
      expect(await sequences()).toEqual([61]);
      await expectIntact(180);
    });

    it('is not deleted if it was edited, and neither are later ones', async () => {
      await logIn(4);
      const [, , third] = await stored();
      await tandem.database.securityEvent.update({ where: { id: third?.id ?? '' }, data: { ipAddress: '192.0.2.1' } });
      tandem.clock.advance(31 * DAY);
      await cleanUp(tandem);
      expect(await sequences()).toEqual([3, 4]);
      expect(tandem.log()).toContain('security_events.not_expired');
      expect(await audit()).toMatchObject({ faults: [expect.stringContaining('event 3 was changed')] });
    });

    it('is deleted although another account has a fault', async () => {
      const other = await tandem.person();
      await tandem.login(other);
      await tandem.database.securityEvent.updateMany({ data: { mac: null, macKeyId: null } });
      await logIn(2);
      tandem.clock.advance(31 * DAY);
      await cleanUp(tandem);
      expect(await sequences()).toEqual([]);
      expect(await tandem.database.securityEvent.count({ where: { accountId: other.id } })).toBe(1);
    });
  });

  it('is not deleted if somebody dates it back', async () => {
    await start({ SECURITY_EVENT_LIFETIME_DAYS: '30' });
    await logIn(2);
    const id = '00000000-0000-7000-8000-000000000000';
    await tandem.database.securityEvent.updateMany({
      where: { accountId: person.id, sequence: 1 },
      data: { id, at: new Date(0) },
    });
    await cleanUp(tandem);
    expect(await sequences()).toEqual([1, 2]);
    expect(await audit()).toMatchObject({ faults: [expect.stringContaining('event 1 was changed')] });
  });

  describe('of an account whose first events expired', () => {
    beforeEach(async () => {
      await start({ SECURITY_EVENT_LIFETIME_DAYS: '30' });
      await logIn(3);
      tandem.clock.advance(31 * DAY);
      await logIn(3);
      await cleanUp(tandem);
      await expectIntact(3);
    });
    const statement = async () => {
      const { expiredEvents } = await tandem.database.account.findUniqueOrThrow({ where: { id: person.id } });
      return JSON.parse(expiredEvents ?? '') as object;
    };
    const state = (expiredEvents: string | null) =>
      tandem.database.account.update({ where: { id: person.id }, data: { expiredEvents } });
    const remove = (sequence: number) =>
      tandem.database.securityEvent.deleteMany({ where: { accountId: person.id, sequence: { lte: sequence } } });
    const expectFault = async (fault: RegExp) =>
      expect(await audit()).toMatchObject({ faults: [expect.stringMatching(fault)] });

    it('is reported by the audit if it was edited', async () => {
      await tandem.database.securityEvent.updateMany({ where: { sequence: 5 }, data: { kind: 'LOGIN_FAILED' } });
      await expectFault(/event 5 was changed/);
    });

    it('is reported by the audit if it was deleted before its time', async () => {
      await remove(4);
      await expectFault(/event 4 is missing/);
    });

    it('is reported by the audit if the statement about expired events was extended to it', async () => {
      const [fourth] = await stored();
      await remove(4);
      await state(JSON.stringify({ ...(await statement()), count: 4, hash: fourth?.hash }));
      await expectFault(/the first 4 events are missing/);
    });

    it.each([
      ['removed', null],
      ['replaced by something else', 'nonsense'],
      ['replaced by other JSON', '{"count":-1}'],
    ])('is reported by the audit if the statement was %s', async (_how, text) => {
      await state(text);
      await expectFault(/event 1 is missing|statement/);
    });

    it('is reported by the audit if the statement is that of another account', async () => {
      const other = await tandem.person();
      await tandem.database.account.update({
        where: { id: other.id },
        data: { eventCount: 3, expiredEvents: JSON.stringify(await statement()) },
      });
      await expectFault(/the first 3 events are missing/);
    });
  });
});
