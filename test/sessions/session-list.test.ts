import { randomUUID } from 'node:crypto';
import { LOGIN, PASSWORD, PROTECTED, refusal, startTandem, type Person, type Tandem } from '../support/harness.js';

const SESSIONS = '{ me { sessions { id deviceName userAgent ipAddress createdAt lastUsedAt expiresAt current } } }';
const REVOKE = 'mutation ($input: RevokeSessionInput!) { revokeSession(input: $input) { revokedSessionId } }';
const REVOKE_OTHERS = 'mutation { revokeOtherSessions { revokedCount } }';

describe('the list of sessions', () => {
  let tandem: Tandem;
  let person: Person;
  beforeAll(async () => (tandem = await startTandem()));
  beforeEach(async () => (person = await tandem.person()));
  afterAll(() => tandem.close());

  const list = async (token: string) => (await tandem.send(SESSIONS, {}, { token })).data.me.sessions;
  const statusOf = async (token: string) => (await tandem.send(PROTECTED, {}, { token })).status;
  const revoke = (token: string, sessionId: string) => tandem.send(REVOKE, { input: { sessionId } }, { token });

  it('contains the viewer’s active sessions, newest login first, and marks the current one', async () => {
    await tandem.login();
    const [first, second] = [await tandem.login(person), await tandem.login(person)];
    expect(await list(first.authToken)).toMatchObject([
      { id: second.sessionId, current: false },
      { id: first.sessionId, current: true },
    ]);
  });

  it('contains the device that the login named', async () => {
    const input = { email: person.email, password: PASSWORD, deviceName: '  Kitchen tablet ' };
    const reply = await tandem.send(LOGIN, { input }, { headers: { 'user-agent': 'Tablet/1.0' } });
    const { authToken, session } = reply.data.login;
    expect(await list(authToken)).toEqual([session]);
    expect(session).toMatchObject({ deviceName: 'Kitchen tablet', userAgent: 'Tablet/1.0', ipAddress: '127.0.0.1' });
  });

  it('updates lastUsedAt with a refresh', async () => {
    const tokens = await tandem.login(person);
    const [before] = await list(tokens.authToken);
    tandem.clock.advance(1000);
    const { authToken } = (await tandem.refresh(tokens.refreshToken)).data.refreshToken;
    const [after] = await list(authToken);
    expect(after.createdAt).toBe(before.createdAt);
    expect(Date.parse(after.lastUsedAt) - Date.parse(before.lastUsedAt)).toBeGreaterThanOrEqual(1_000_000);
  });

  it('marks the new session as the current one in the login response', async () => {
    const { sessionId } = await tandem.login(person);
    const query = `mutation ($input: LoginInput!) {
      login(input: $input) { session { id current } account { sessions { id current } } }
    }`;
    const { session, account } = (await tandem.send(query, { input: { email: person.email, password: PASSWORD } })).data
      .login;
    expect(session.current).toBe(true);
    expect(account.sessions).toEqual([session, { id: sessionId, current: false }]);
  });

  it('marks the refreshed session as the current one in the refresh response', async () => {
    const { refreshToken, sessionId } = await tandem.login(person);
    const other = await tandem.login();
    const query = `mutation ($input: RefreshTokenInput!) {
      refreshToken(input: $input) { account { sessions { id current } } }
    }`;
    const reply = await tandem.send(query, { input: { refreshToken } }, { token: other.authToken });
    expect(reply.data.refreshToken.account.sessions).toEqual([{ id: sessionId, current: true }]);
  });

  it('revokes another session of the viewer, effective on its next request', async () => {
    const [here, there] = [await tandem.login(person), await tandem.login(person)];
    const reply = await revoke(here.authToken, there.sessionId);
    expect(reply.data.revokeSession).toEqual({ revokedSessionId: there.sessionId });
    expect(refusal(await tandem.send(PROTECTED, {}, { token: there.authToken }))).toMatchObject({
      reason: 'TOKEN_REVOKED',
    });
    expect(refusal(await tandem.refresh(there.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REVOKED' });
    expect(await list(here.authToken)).toMatchObject([{ id: here.sessionId }]);
  });

  it('revokes the current session', async () => {
    const { authToken, sessionId } = await tandem.login(person);
    expect((await revoke(authToken, sessionId)).status).toBe(200);
    expect(await statusOf(authToken)).toBe(401);
  });

  it('returns the same response when a session is revoked twice', async () => {
    const [here, there] = [await tandem.login(person), await tandem.login(person)];
    const first = await revoke(here.authToken, there.sessionId);
    expect((await revoke(here.authToken, there.sessionId)).text).toBe(first.text);
  });

  it('does not revoke a session of another account', async () => {
    const [own, other] = [await tandem.login(person), await tandem.login()];
    const replies = [
      await revoke(own.authToken, other.sessionId),
      await revoke(own.authToken, randomUUID()),
      await revoke(own.authToken, ''),
      await revoke(own.authToken, '%'),
    ];
    for (const reply of replies) {
      expect(refusal(reply)).toMatchObject({ status: 404, code: 'NOT_FOUND' });
      expect(reply.text).toBe(replies[0]?.text);
    }
    expect(await statusOf(other.authToken)).toBe(200);
    expect(await statusOf(own.authToken)).toBe(200);
  });

  it('revokes all sessions except the current one', async () => {
    const [first, second, third] = [await tandem.login(person), await tandem.login(person), await tandem.login(person)];
    const stranger = await tandem.login();
    const reply = await tandem.send(REVOKE_OTHERS, {}, { token: second.authToken });
    expect(reply.data.revokeOtherSessions).toEqual({ revokedCount: 2 });
    for (const { authToken } of [first, third]) expect(await statusOf(authToken)).toBe(401);
    for (const { authToken } of [second, stranger]) expect(await statusOf(authToken)).toBe(200);
    expect((await tandem.refresh(second.refreshToken)).status).toBe(200);
    const again = await tandem.send(REVOKE_OTHERS, {}, { token: second.authToken });
    expect(again.data.revokeOtherSessions).toEqual({ revokedCount: 0 });
  });

  it('cannot be changed without a valid auth token', async () => {
    const { authToken, sessionId } = await tandem.login(person);
    for (const reply of [
      await tandem.send(REVOKE, { input: { sessionId } }),
      await tandem.send(REVOKE_OTHERS),
      await tandem.send(REVOKE, { input: { sessionId } }, { token: 'garbage' }),
    ]) {
      expect(refusal(reply)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    }
    expect(await statusOf(authToken)).toBe(200);
  });
});
