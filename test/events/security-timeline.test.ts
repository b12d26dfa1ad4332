import { changeRole, disableAccount, enableAccount } from '../../src/cli/account-commands.js';
import {
  LOGIN,
  PASSWORD,
  refusal,
  startTandem,
  tokensOf,
  type Person,
  type RequestOptions,
  type Tandem,
} from '../support/harness.js';
import { operate } from '../support/operator.js';

const EVENTS = `query ($first: Int, $after: String, $last: Int, $before: String) {
  me {
    securityEvents(first: $first, after: $after, last: $last, before: $before) {
      totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      nodes {
        id kind at sessionId ipAddress userAgent deviceName endReason
        shownBy { ipAddress userAgent generation } heldBy { ipAddress userAgent generation }
      }
    }
  }
}`;
const CHANGE = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { authToken } }';
const from = (ipAddress: string, userAgent: string): RequestOptions => ({
  headers: { 'x-forwarded-for': ipAddress, 'user-agent': userAgent },
});

describe('the security events of an account', () => {
  let tandem: Tandem;
  let person: Person;
  beforeAll(async () => (tandem = await startTandem({ TRUSTED_PROXIES: '127.0.0.1' })));
  beforeEach(async () => (person = await tandem.person()));
  afterAll(() => tandem.close());

  const page = async (token: string, variables = {}) =>
    (await tandem.send(EVENTS, variables, { token })).data.me.securityEvents;
  const events = async (token: string) => (await page(token)).nodes;
  const logIn = (input: object, options?: RequestOptions) => tandem.send(LOGIN, { input }, options);

  it('record logins and whether their client is new', async () => {
    const input = { email: person.email, password: PASSWORD };
    await logIn({ ...input, deviceName: 'Phone' }, from('192.0.2.1', 'Phone/1'));
    await tandem.login(person, from('192.0.2.1', 'Phone/2'));
    const { authToken, sessionId } = await tandem.login(person, from('2001:db8::3', 'Laptop/1'));
    expect(await events(authToken)).toMatchObject([
      { kind: 'LOGGED_IN_ON_NEW_DEVICE', sessionId, ipAddress: '2001:db8::3', userAgent: 'Laptop/1', deviceName: null },
      { kind: 'LOGGED_IN', ipAddress: '192.0.2.1', userAgent: 'Phone/2', deviceName: null },
      { kind: 'LOGGED_IN_ON_NEW_DEVICE', ipAddress: '192.0.2.1', userAgent: 'Phone/1', deviceName: 'Phone' },
    ]);
  });

  it('record failed logins and their addresses', async () => {
    const { authToken } = await tandem.login(person);
    await logIn({ email: person.email, password: 'a wrong passphrase here' }, from('192.0.2.66', 'Guess/1'));
    await tandem.app.drain();
    const [failed, ...before] = await events(authToken);
    expect(failed).toMatchObject({ kind: 'LOGIN_FAILED', ipAddress: '192.0.2.66', userAgent: 'Guess/1' });
    expect(failed.sessionId).toBeNull();
    expect(before).toHaveLength(1);
  });

  it('record a reused refresh token with the clients that presented it and its successor', async () => {
    const first = await tandem.login(person, from('192.0.2.1', 'Owner/1'));
    const second = tokensOf((await tandem.refresh(first.refreshToken)).data.refreshToken);
    await tandem.refresh(second.refreshToken, from('192.0.2.2', 'Owner/2'));
    const { sessionId } = first;
    tandem.clock.advance(11);
    await tandem.refresh(first.refreshToken, from('192.0.2.66', 'Thief/1'));
    const { authToken } = await tandem.login(person);
    const theft = { sessionId, ipAddress: '192.0.2.66', userAgent: 'Thief/1' };
    expect((await events(authToken)).slice(1, 3)).toMatchObject([
      {
        ...theft,
        kind: 'REFRESH_TOKEN_REUSED',
        shownBy: { ipAddress: '192.0.2.66', userAgent: 'Thief/1', generation: 1 },
        heldBy: { ipAddress: '192.0.2.2', userAgent: 'Owner/2', generation: 3 },
      },
      { ...theft, kind: 'SESSION_ENDED', endReason: 'REFRESH_TOKEN_REUSED', shownBy: null, heldBy: null },
    ]);
  });

  it('record a password change and each session that it revoked', async () => {
    const [one, another, here] = [await tandem.login(person), await tandem.login(person), await tandem.login(person)];
    const input = { currentPassword: PASSWORD, newPassword: 'a passphrase that is new here' };
    const reply = await tandem.send(CHANGE, { input }, { token: here.authToken, ...from('192.0.2.9', 'Laptop/1') });
    const origin = { ipAddress: '192.0.2.9', userAgent: 'Laptop/1' };
    const [first, second, ...before] = await events(reply.data.changePassword.authToken);
    const ended = { kind: 'SESSION_ENDED', endReason: 'PASSWORD_CHANGED', ...origin };
    for (const event of [first, second]) expect(event).toMatchObject(ended);
    expect([first.sessionId, second.sessionId].toSorted()).toEqual([one.sessionId, another.sessionId].toSorted());
    expect(before[0]).toMatchObject({
      kind: 'PASSWORD_CHANGED',
      sessionId: here.sessionId,
      endReason: null,
      ...origin,
    });
  });

  it('record the actions of an operator', async () => {
    await operate(changeRole, tandem, person, ['ADMIN']);
    await operate(changeRole, tandem, person, ['ADMIN']); // no change
    const { sessionId } = await tandem.login(person);
    await operate(disableAccount, tandem, person);
    await operate(enableAccount, tandem, person);
    const { authToken } = await tandem.login(person);
    expect(await events(authToken)).toMatchObject([
      { kind: 'LOGGED_IN' },
      { kind: 'ACCOUNT_ENABLED', ipAddress: null },
      { kind: 'SESSION_ENDED', sessionId, endReason: 'ACCOUNT_DISABLED', ipAddress: null },
      { kind: 'ACCOUNT_DISABLED', ipAddress: null },
      { kind: 'LOGGED_IN_ON_NEW_DEVICE' },
      { kind: 'ROLE_CHANGED', ipAddress: null },
    ]);
  });

  it('are listed once each when paged from both ends', async () => {
    for (let time = 0; time < 6; time++) await tandem.login(person);
    const { authToken: token } = await tandem.login(person);
    const all = await page(token, { first: 100 });
    expect(all).toMatchObject({ totalCount: 7, pageInfo: { hasNextPage: false, hasPreviousPage: false } });
    const times = all.nodes.map(({ at }: { at: string }) => Date.parse(at));
    expect(times).toEqual([...times].sort((a, b) => b - a));

    const forward = await page(token, { first: 3 });
    const rest = await page(token, { first: 5, after: forward.pageInfo.endCursor });
    expect(forward.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    expect(rest.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    expect([...forward.nodes, ...rest.nodes]).toEqual(all.nodes);

    const end = await page(token, { last: 2 });
    const before = await page(token, { last: 5, before: end.pageInfo.startCursor });
    expect([...before.nodes, ...end.nodes]).toEqual(all.nodes);
  });

  it('are visible only to their owner', async () => {
    const stranger = await tandem.login();
    const { authToken, sessionId } = await tandem.login(person);
    expect(await events(authToken)).toMatchObject([{ sessionId }]);
    const { pageInfo } = await page(stranger.authToken);
    const newer = await page(authToken, { first: 10, before: pageInfo.endCursor });
    expect(newer.nodes).toMatchObject([{ sessionId }]);
    expect(refusal(await tandem.send(EVENTS))).toMatchObject({ status: 401, reason: 'TOKEN_MISSING' });
  });

  it('are all stored for 20 concurrent logins on two instances', async () => {
    const servers = [tandem, await tandem.startInstance()];
    await Promise.all(Array.from({ length: 20 }, async (_, index) => servers[index % 2]?.login(person)));
    const { authToken } = await tandem.login(person);
    expect(await page(authToken)).toMatchObject({ totalCount: 21 });
  });
});
