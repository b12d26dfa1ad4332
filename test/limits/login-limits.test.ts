import { clearLimits, showLimits } from '../../src/cli/account-commands.js';
import { attemptStore } from '../../src/limits/attempt-store.js';
import {
  LOGIN,
  PASSWORD,
  refusal,
  startTandem,
  type GraphQLReply,
  type Person,
  type Tandem,
} from '../support/harness.js';
import { operate } from '../support/operator.js';

const WRONG = 'a wrong passphrase here';
const LIMITS = {
  TRUSTED_PROXIES: '127.0.0.1',
  LOGIN_ATTEMPTS_PER_ACCOUNT: '20',
  LOGIN_ATTEMPTS_PER_ADDRESS: '100',
  LOGIN_ATTEMPTS_PER_PAIR: '10',
};
const CHANGE = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { authToken } }';

describe('a limit of login attempts', () => {
  let tandem: Tandem;
  let person: Person;
  beforeEach(async () => {
    tandem = await startTandem(LIMITS);
    person = await tandem.person();
  });
  afterEach(() => tandem.close());

  const logIn = (email: string, password: string, ipAddress: string, server = tandem) =>
    server.send(LOGIN, { input: { email, password } }, { headers: { 'x-forwarded-for': ipAddress } });
  const limited = (reply: GraphQLReply) => reply.errors?.[0]?.extensions['code'] === 'RATE_LIMITED';
  const address = (index: number) => `198.51.${Math.floor(index / 250)}.${index % 250}`;
  /** Fails logins until one is limited, and resolves to the number of failures before. */
  async function failUntilLimited(most: number, guess: (index: number) => Promise<GraphQLReply>): Promise<number> {
    for (let index = 0; index < most; index += 1) if (limited(await guess(index))) return index;
    return most;
  }

  it('delays the attempts for one account, from however many addresses', async () => {
    expect(await failUntilLimited(50, (index) => logIn(person.email, WRONG, address(index)))).toBe(21);
  });

  it('treats an address without an account like one with an account', async () => {
    expect(await failUntilLimited(50, (index) => logIn('nobody@example.com', WRONG, address(index)))).toBe(21);
  });

  it('delays the attempts from one address, for however many accounts', async () => {
    const guess = (index: number) => logIn(`nobody-${index}@example.com`, WRONG, '203.0.113.1');
    expect(await failUntilLimited(150, guess)).toBe(101);
    expect(limited(await logIn(person.email, PASSWORD, '203.0.113.2'))).toBe(false);
  });

  it.each([
    ['an IPv6 network of 64 bits', (index: number) => `2001:db8:1:2:${(index + 1).toString(16)}::1`],
    [
      'an IPv6 network, however its addresses are written,',
      (index: number) => ['2001:DB8:1:2::1', '2001:0db8:0001:0002:0:0:0:2', '[2001:db8:1:2::3]:4711'][index % 3] ?? '',
    ],
    ['an IPv4 address, mapped to IPv6 or not', (index: number) => (index % 2 ? '::ffff:192.0.2.1' : '192.0.2.1')],
  ])('counts %s as one client', async (_what, ipAddressOf) => {
    expect(await failUntilLimited(30, (index) => logIn(person.email, WRONG, ipAddressOf(index)))).toBe(11);
  });

  it('takes a client address from no header of a client that is not a trusted proxy', async () => {
    const direct = await tandem.startInstance({ TRUSTED_PROXIES: '' });
    const guess = (index: number) => {
      const claimed = address(index);
      const headers = {
        'x-forwarded-for': claimed,
        'x-real-ip': claimed,
        forwarded: `for=${claimed}`,
        'cf-connecting-ip': claimed,
      };
      return direct.send(LOGIN, { input: { email: person.email, password: WRONG } }, { headers });
    };
    expect(await failUntilLimited(30, guess)).toBe(11);
  });

  it('takes the client address that the trusted proxy added, not those that the client sent', async () => {
    const guess = (index: number) => logIn(person.email, WRONG, `${address(index)}, 192.0.2.1`);
    expect(await failUntilLimited(30, guess)).toBe(11);
  });

  it('says when the next attempt is allowed, and doubles the delay with each', async () => {
    await failUntilLimited(20, () => logIn(person.email, WRONG, '192.0.2.1'));
    for (const seconds of [1, 2, 4, 8, 16]) {
      const reply = await logIn(person.email, WRONG, '192.0.2.1');
      expect(refusal(reply)).toEqual({ status: 429, code: 'RATE_LIMITED', reason: null, recovery: 'RETRY' });
      expect(reply.headers.get('retry-after')).toBe(String(seconds));
      expect(reply.errors?.[0]?.extensions['retryAfterSeconds']).toBe(seconds);
      tandem.clock.advance(seconds);
      expect(refusal(await logIn(person.email, WRONG, '192.0.2.1'))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    }
  });

  it.each([
    ['a login', 1, PASSWORD],
    ['a wrong password', 1, WRONG],
    ['so many wrong passwords that the next attempt is delayed', 11, WRONG],
  ])('does not reject a login when the clock was set back by a year after %s', async (_what, times, password) => {
    for (let time = 0; time < times; time += 1) await logIn(person.email, password, '192.0.2.1');
    tandem.clock.advance(-31_536_000);
    expect((await logIn(person.email, PASSWORD, '192.0.2.1')).status).toBe(200);
  });

  it('does not reject a login when the clock was set back by a second after a login', async () => {
    await logIn(person.email, PASSWORD, '192.0.2.1');
    tandem.clock.advance(-1);
    expect((await logIn(person.email, PASSWORD, '192.0.2.1')).status).toBe(200);
  });

  it('never delays for longer than LOGIN_MAX_DELAY_SECONDS', async () => {
    const short = await tandem.startInstance({ LOGIN_MAX_DELAY_SECONDS: '5' });
    const guess = () => logIn(person.email, WRONG, '192.0.2.1', short);
    await failUntilLimited(20, guess);
    for (const seconds of [1, 2, 4, 5, 5]) {
      expect((await guess()).headers.get('retry-after')).toBe(String(seconds));
      tandem.clock.advance(seconds);
      await guess();
    }
  });

  it('does not count attempts during a delay', async () => {
    await failUntilLimited(20, () => logIn(person.email, WRONG, '192.0.2.1'));
    for (let time = 0; time < 20; time += 1) await logIn(person.email, WRONG, '192.0.2.1');
    tandem.clock.advance(1);
    expect((await logIn(person.email, PASSWORD, '192.0.2.1')).status).toBe(200);
  });

  it('rejects the right password during a delay, before it is hashed', async () => {
    await failUntilLimited(20, () => logIn(person.email, WRONG, '192.0.2.1'));
    expect(limited(await logIn(person.email, PASSWORD, '192.0.2.1'))).toBe(true);
  });

  it('forgives attempts with time', async () => {
    await failUntilLimited(20, () => logIn(person.email, WRONG, '192.0.2.1'));
    tandem.clock.advance(1 + 5 * 900);
    expect(await failUntilLimited(20, () => logIn(person.email, WRONG, '192.0.2.1'))).toBe(5);
  });

  it('does not count successful logins', async () => {
    for (let time = 0; time < 30; time += 1) {
      expect((await logIn(person.email, PASSWORD, '192.0.2.1')).status).toBe(200);
    }
  });

  it('lets the owner log in from a known network while others guess, and limits that network as well', async () => {
    expect((await logIn(person.email, PASSWORD, '192.0.2.1')).status).toBe(200);
    await failUntilLimited(50, (index) => logIn(person.email, WRONG, address(index)));
    expect(limited(await logIn(person.email, PASSWORD, '192.0.2.77'))).toBe(true);
    expect((await logIn(person.email, PASSWORD, '192.0.2.1')).status).toBe(200);
    expect(await failUntilLimited(30, () => logIn(person.email, WRONG, '192.0.2.1'))).toBe(11);
  });

  it('forgets a known network after 30 days', async () => {
    await logIn(person.email, PASSWORD, '192.0.2.1');
    tandem.clock.advance(30 * 86_400 + 1);
    await failUntilLimited(50, (index) => logIn(person.email, WRONG, address(index)));
    expect(limited(await logIn(person.email, PASSWORD, '192.0.2.1'))).toBe(true);
  });

  it('is shared with other instances, and survives a restart', async () => {
    await failUntilLimited(20, () => logIn(person.email, WRONG, '192.0.2.1'));
    const other = await tandem.startInstance();
    expect(limited(await logIn(person.email, WRONG, '192.0.2.1', other))).toBe(true);
  });

  it('counts each of 60 attempts at the same moment', async () => {
    tandem.clock.stopAt(Date.now());
    const other = await tandem.startInstance();
    const replies = await Promise.all(
      Array.from({ length: 60 }, (_, index) => logIn(person.email, WRONG, '192.0.2.1', index % 2 ? other : tandem)),
    );
    expect(replies.filter((reply) => !limited(reply))).toHaveLength(11);
  });

  it('allows attempts whose times arrive out of order, as those of several requests and processes do', async () => {
    const store = attemptStore(tandem.database, 900_000);
    const bucket = { key: 'address:192.0.2.1', free: 100, refundMs: 60_000 };
    const nowMs = tandem.clock.nowMs();
    for (const atMs of [nowMs, nowMs + 5, nowMs - 5]) expect(await store.count([bucket], atMs)).toHaveLength(1);
    await store.takeBack(tandem.database, [bucket.key]);
    await store.succeed(tandem.database, bucket.key, nowMs + 10);
    expect(await store.count([bucket], nowMs)).toHaveLength(1);
  });

  it('limits neither refreshes nor requests of live sessions', async () => {
    const tokens = await tandem.login(person);
    await failUntilLimited(50, (index) => logIn(person.email, WRONG, address(index)));
    expect((await tandem.refresh(tokens.refreshToken)).status).toBe(200);
    expect((await tandem.send('{ me { id } }', {}, { token: tokens.authToken })).status).toBe(200);
  });

  it('covers the current password of changePassword', async () => {
    const { authToken: token } = await tandem.login(person);
    const guess = (currentPassword: string) =>
      tandem.send(CHANGE, { input: { currentPassword, newPassword: 'a passphrase that is new here' } }, { token });
    expect(await failUntilLimited(30, () => guess(WRONG))).toBe(11);
    tandem.clock.advance(1);
    expect((await guess(PASSWORD)).status).toBe(200);
  });

  it('does not count an attempt whose new password is rejected', async () => {
    const { authToken: token } = await tandem.login(person);
    const input = { currentPassword: PASSWORD, newPassword: 'short' };
    for (let time = 0; time < 15; time += 1) {
      expect(refusal(await tandem.send(CHANGE, { input }, { token }))).toMatchObject({ code: 'BAD_USER_INPUT' });
    }
  });

  it('stores no e-mail addresses, and rows only as long as they have an effect', async () => {
    const store = attemptStore(tandem.database, 900_000);
    for (let time = 0; time < 2; time += 1) await logIn('nobody@example.com', WRONG, '192.0.2.1');
    const rows = await tandem.database.attemptLimit.findMany();
    expect(rows).toHaveLength(3);
    expect(JSON.stringify(rows.map(({ key }) => key))).not.toContain('nobody');
    // Each of the two attempts is forgiven after a minute for the client address, after 15 for the account and the pair.
    const deleted: number[] = [];
    for (const seconds of [110, 20, 1650, 30]) {
      tandem.clock.advance(seconds);
      deleted.push(await store.deleteExpired(tandem.clock.nowMs(), 10));
    }
    expect(deleted).toEqual([0, 1, 0, 2]);
  });

  it('keeps the row of a delay until it is over', async () => {
    const store = attemptStore(tandem.database, 900_000);
    await failUntilLimited(20, () => logIn(person.email, WRONG, '192.0.2.1'));
    tandem.clock.advance(10 * 900);
    await store.deleteExpired(tandem.clock.nowMs(), 10);
    expect(await failUntilLimited(20, () => logIn(person.email, WRONG, '192.0.2.1'))).toBe(10);
  });

  it('can be shown and cleared by an operator, for an account and for a client address', async () => {
    await logIn(person.email, PASSWORD, '192.0.2.9');
    await failUntilLimited(50, (index) => logIn(person.email, WRONG, address(index)));
    const table = await operate(showLimits, tandem, person);
    expect(table).toMatch(/^account +- +2\d /m);
    expect(table).toMatch(/^pair +192\.0\.2\.9 +0 /m);
    expect(await operate(clearLimits, tandem, person)).toMatch(/cleared: 2\d/);
    expect((await logIn(person.email, PASSWORD, '192.0.2.77')).status).toBe(200);

    await failUntilLimited(150, (index) => logIn(`nobody-${index}@example.com`, WRONG, '203.0.113.1'));
    expect(await operate(clearLimits, tandem, { ...person, email: '203.0.113.1' })).toBe('Limits cleared: 1.');
    expect((await logIn(person.email, PASSWORD, '203.0.113.1')).status).toBe(200);
  });

  it('is cleared for the given client address only', async () => {
    await failUntilLimited(150, (index) => logIn(`nobody-${index}@example.com`, WRONG, '203.0.113.10'));
    expect(await operate(clearLimits, tandem, { ...person, email: '203.0.113.1' })).toBe('Limits cleared: 0.');
    expect(limited(await logIn(person.email, PASSWORD, '203.0.113.10'))).toBe(true);
  });

  it('of changePassword can be shown and cleared too', async () => {
    const { authToken: token } = await tandem.login(person);
    const input = { currentPassword: WRONG, newPassword: 'a passphrase that is new here' };
    await failUntilLimited(20, () => tandem.send(CHANGE, { input }, { token }));
    expect(await operate(showLimits, tandem, person)).toMatch(/^change +- +11 /m);
    await operate(clearLimits, tandem, person);
    expect(limited(await tandem.send(CHANGE, { input }, { token }))).toBe(false);
  });

  it('lets nobody log in if its storage fails, and serves everything else', async () => {
    const tokens = await tandem.login(person);
    await tandem.database.$executeRaw`ALTER TABLE "AttemptLimit" RENAME TO "Moved"`;
    expect(refusal(await logIn(person.email, PASSWORD, '192.0.2.1'))).toMatchObject({
      status: 503,
      code: 'SERVICE_UNAVAILABLE',
    });
    expect((await tandem.refresh(tokens.refreshToken)).status).toBe(200);
    expect((await tandem.send('{ me { id } }', {}, { token: tokens.authToken })).status).toBe(200);
  });
});
