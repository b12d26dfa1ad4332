import { commonNetwork } from '../../src/events/address-prefix.js';
import { LOGIN, startTandem, type Person, type Tandem, type Tokens } from '../support/harness.js';
import { until } from '../support/until.js';

const EVENTS = '{ me { securityEvents(first: 10) { nodes { kind attempts ipAddress userAgent } } } }';
const LONGEST_WINDOW_SECONDS = 900;

describe('failed logins', () => {
  let tandem: Tandem;
  let person: Person;
  let tokens: Tokens;
  beforeAll(async () => (tandem = await startTandem({ TRUSTED_PROXIES: '127.0.0.1' })));
  beforeEach(async () => {
    person = await tandem.person();
    tokens = await tandem.login(person);
  });
  afterAll(() => tandem.close());

  const fail = async (email: string, ipAddress: string, userAgent = 'Guess/1') => {
    const headers = { 'x-forwarded-for': ipAddress, 'user-agent': userAgent };
    const reply = await tandem.send(LOGIN, { input: { email, password: 'a wrong passphrase here' } }, { headers });
    expect(reply.status).toBe(400);
  };
  const recorded = async (): Promise<object[]> => {
    const { data } = await tandem.send(EVENTS, {}, { token: tokens.authToken });
    return data.me.securityEvents.nodes.filter(({ kind }: { kind: string }) => kind === 'LOGIN_FAILED');
  };
  const unknownLogins = async () => Number((await tandem.database.unknownLogins.findFirst())?.attempts ?? 0);

  it('of one account cause one event with their number and the network of their addresses', async () => {
    for (let host = 1; host <= 9; host++) await fail(person.email.toUpperCase(), `2001:db8:0:${host}::${host}`);
    await tandem.app.drain();
    expect(await recorded()).toEqual([
      { kind: 'LOGIN_FAILED', attempts: 9, ipAddress: '2001:db8::/60', userAgent: 'Guess/1' },
    ]);
  });

  it('from one client cause an event with its address', async () => {
    for (let time = 0; time < 3; time++) await fail(person.email, '192.0.2.66');
    await tandem.app.drain();
    expect(await recorded()).toMatchObject([{ attempts: 3, ipAddress: '192.0.2.66', userAgent: 'Guess/1' }]);
  });

  it('of different clients cause an event without a user agent', async () => {
    await fail(person.email, '192.0.2.66', 'Guess/1');
    await fail(person.email, '192.0.2.66', 'Guess/2');
    await tandem.app.drain();
    expect(await recorded()).toMatchObject([{ attempts: 2, ipAddress: '192.0.2.66', userAgent: null }]);
  });

  it('are written when their window closes, whether the address has an account or not', async () => {
    const before = await unknownLogins();
    await fail(person.email, '192.0.2.66');
    await fail(`nobody-${person.email}`, '192.0.2.66');
    tandem.clock.advance(LONGEST_WINDOW_SECONDS / 2);
    await new Promise((resolve) => setTimeout(resolve, 1500)); // longer than the interval of the check
    expect(await recorded()).toEqual([]);
    expect(await unknownLogins()).toBe(before);
    tandem.clock.advance(LONGEST_WINDOW_SECONDS / 2);
    await until(async () => (await recorded()).length > 0 && (await unknownLogins()) > before);
    expect(await recorded()).toMatchObject([{ attempts: 1 }]);
    expect(await unknownLogins()).toBe(before + 1);
  });
});

describe('the common network', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1', '192.0.2.1'],
    ['192.0.2.1', '192.0.2.2', '192.0.2.0/30'],
    ['192.0.2.0/24', '192.0.2.77', '192.0.2.0/24'],
    ['192.0.2.0/24', '192.0.3.1', '192.0.2.0/23'],
    ['10.0.0.1', '192.0.2.1', '0.0.0.0/0'],
    ['192.0.2.1', '::ffff:192.0.2.3', '192.0.2.0/30'],
    ['2001:db8::1', '2001:db8:0:0:8000::', '2001:db8::/64'],
    ['2001:db8::1', 'fe80::1%eth0', '::/0'],
    ['192.0.2.1', '2001:db8::1', undefined],
    ['192.0.2.1', 'unknown', undefined],
  ])('of %s and %s is %s', (one, another, expected) => {
    expect(commonNetwork(one, another)).toBe(expected);
  });
});
