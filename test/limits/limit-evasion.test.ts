import { attemptStore } from '../../src/limits/attempt-store.js';
import { LOGIN, PASSWORD, refusal, startTandem, type GraphQLReply, type Tandem } from '../support/harness.js';

const WRONG = 'a wrong passphrase here';

describe('a limit of login attempts cannot be evaded', () => {
  let tandem: Tandem;
  beforeEach(async () => {
    tandem = await startTandem({
      TRUSTED_PROXIES: '127.0.0.1',
      LOGIN_ATTEMPTS_PER_ACCOUNT: '5',
      LOGIN_ATTEMPTS_PER_ADDRESS: '100',
      LOGIN_ATTEMPTS_PER_PAIR: '10',
    });
    tandem.clock.stopAt(Date.now());
  });
  afterEach(() => tandem.close());

  const address = (index: number) => `198.51.100.${index}`;
  const guess = (email: string, ipAddress: string, input: object = {}, headers: Record<string, string> = {}) =>
    tandem.send(
      LOGIN,
      { input: { email, password: WRONG, ...input } },
      { headers: { 'x-forwarded-for': ipAddress, ...headers } },
    );
  const limited = (reply: GraphQLReply) => reply.errors?.[0]?.extensions['code'] === 'RATE_LIMITED';
  async function guessUntilLimited(attempt: (index: number) => Promise<GraphQLReply>): Promise<number> {
    for (let index = 0; index < 30; index += 1) if (limited(await attempt(index))) return index;
    return 30;
  }

  it.each([
    ['letter case', ['rené@example.com', 'RENÉ@EXAMPLE.COM', 'René@Example.Com']],
    ['spaces around it', ['rené@example.com', ' rené@example.com', 'rené@example.com\t']],
    [
      'composed and decomposed characters',
      ['ren\u00e9@example.com', 'rene\u0301@example.com', 'RENE\u0301@example.com'],
    ],
  ])('by an e-mail address with different %s', async (_what, emails) => {
    expect(await guessUntilLimited((index) => guess(emails[index % 3] ?? '', address(index)))).toBe(6);
  });

  it('by another device name, user agent, one-time code or alias', async () => {
    const attempt = (index: number) =>
      tandem.send(
        `mutation M${index}($input: LoginInput!) { a${index}: login(input: $input) { tokenType } }`,
        { input: { email: 'nobody@example.com', password: WRONG, deviceName: `device ${index}`, otp: `${index}` } },
        { headers: { 'x-forwarded-for': address(index), 'user-agent': `agent ${index}` } },
      );
    expect(await guessUntilLimited(attempt)).toBe(6);
  });

  it.each([
    ['the zone of an IPv6 address', (index: number) => `fe80::1%eth${index}`],
    ['the notation of an IPv4-mapped address', (index: number) => ['::ffff:c000:201', '192.0.2.1'][index % 2] ?? ''],
    ['what is not an address', (index: number) => ['unknown', '999.1.1.1', 'x'.repeat(5000), '::::'][index % 4] ?? ''],
  ])('by %s', async (_what, ipAddressOf) => {
    const lenient = await tandem.startInstance({ LOGIN_ATTEMPTS_PER_ACCOUNT: '1000' });
    const attempt = (index: number) =>
      lenient.send(
        LOGIN,
        { input: { email: 'nobody@example.com', password: WRONG } },
        { headers: { 'x-forwarded-for': ipAddressOf(index) } },
      );
    expect(await guessUntilLimited(attempt)).toBe(11);
  });

  it('by attempts at the same moment from distinct client addresses', async () => {
    const replies = await Promise.all(Array.from({ length: 50 }, (_, index) => guess('a@example.com', address(index))));
    expect(replies.filter((reply) => !limited(reply))).toHaveLength(6);
  });

  it('by several logins in one document, which are all rejected without a verified password', async () => {
    const selections = Array.from({ length: 15 }, (_, index) => `a${index}: login(input: $input) { tokenType }`);
    const query = `mutation ($input: LoginInput!) { ${selections.join(' ')} }`;
    const { email } = await tandem.person();
    const reply = await tandem.send(query, { input: { email, password: PASSWORD } });
    expect(refusal(reply)).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
    expect(reply.data).toBeUndefined();
    const keys = (await tandem.database.attemptLimit.findMany()).map(({ key }) => key);
    expect(keys).toEqual(['address:127.0.0.1']);
  });

  it('by an enormous e-mail address, which is rejected before anything is stored', async () => {
    const reply = await guess(`${'x'.repeat(90_000)}@example.com`, address(1));
    expect(refusal(reply)).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
    expect(await tandem.database.attemptLimit.count()).toBe(0);
    await guess(`${'é'.repeat(240)}@example.com`, '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff');
    const keys = (await tandem.database.attemptLimit.findMany()).map(({ key }) => key.length);
    expect(Math.max(...keys)).toBeLessThan(60);
  });

  it('by many other names: they leave no rows behind, and the limits of the account stay', async () => {
    const store = attemptStore(tandem.database, 900_000);
    const victim = (index: number) => guess('victim@example.com', address(index));
    await guessUntilLimited(victim);
    for (let index = 0; index < 40; index += 1) await guess(`nobody-${index}@example.com`, address(100 + index));
    expect(await tandem.database.attemptLimit.count()).toBe(1 + 2 * 6 + 3 * 40);

    tandem.clock.advance(16 * 60);
    await store.deleteExpired(tandem.clock.nowMs(), 1000);
    expect(await tandem.database.attemptLimit.count()).toBe(1);
    expect(await guessUntilLimited(victim)).toBe(1);
  });
});
