import { setTimeout } from 'node:timers/promises';
import {
  PASSWORD,
  PROTECTED,
  refusal,
  startTandem,
  TOKENS,
  tokensOf,
  type Tandem,
  type Tokens,
} from '../support/harness.js';

const CHANGE = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { ${TOKENS} } }`;
const LOGOUT = 'mutation ($input: LogoutInput) { logout(input: $input) { loggedOut } }';
const CREATE = 'mutation ($input: CreatePostInput!) { createPost(input: $input) { post { id } } }';
const KEY = 'the key of this exchange';
const STALE = { status: 401, code: 'UNAUTHENTICATED', reason: 'TOKEN_STALE', recovery: 'REFRESH' };
const SUPERSEDED = {
  status: 400,
  code: 'INVALID_REFRESH_TOKEN',
  reason: 'REFRESH_TOKEN_SUPERSEDED',
  recovery: 'USE_NEWER_TOKENS',
};

describe('after changePassword, a token of the same session from before it', () => {
  let tandem: Tandem;
  let earlier: Tokens[];
  let current: Tokens;
  beforeAll(async () => (tandem = await startTandem()));
  beforeEach(async () => {
    const first = await tandem.login();
    const second = tokensOf((await tandem.refresh(first.refreshToken, { key: KEY })).data.refreshToken);
    earlier = [first, second];
    const input = { currentPassword: PASSWORD, newPassword: 'a passphrase that is new here' };
    const reply = await tandem.send(CHANGE, { input }, { token: second.authToken });
    current = tokensOf(reply.data.changePassword);
  });
  afterAll(() => tandem.close());

  const read = ({ authToken }: Tokens, server = tandem) => server.send(PROTECTED, {}, { token: authToken });

  it('cannot read or write from the next request on', async () => {
    for (const tokens of earlier) {
      expect(refusal(await read(tokens))).toEqual(STALE);
      const written = await tandem.send(CREATE, { input: { title: 'a', body: 'b' } }, { token: tokens.authToken });
      expect(refusal(written)).toEqual(STALE);
    }
    expect((await read(current)).status).toBe(200);
  });

  it('is rejected by another instance, and by one that starts afterwards', async () => {
    const started = await tandem.startInstance();
    for (const tokens of earlier) expect(refusal(await read(tokens, started))).toEqual(STALE);
    expect((await read(current, started)).status).toBe(200);
  });

  it('is rejected by an instance that has the session in memory', async () => {
    const other = await tandem.startInstance();
    const first = await tandem.login();
    expect((await read(first, other)).status).toBe(200);
    const input = { currentPassword: PASSWORD, newPassword: 'a passphrase that is new here' };
    await tandem.send(CHANGE, { input }, { token: first.authToken });
    const deadline = performance.now() + 5000;
    while ((await read(first, other)).status === 200 && performance.now() < deadline) await setTimeout(20);
    expect(refusal(await read(first, other))).toEqual(STALE);
  });

  it('changes nothing through an instance that has the session in memory, from the next request on', async () => {
    const other = await tandem.startInstance();
    const person = await tandem.person();
    const [first, another] = [await tandem.login(person), await tandem.login(person)];
    for (let round = 0; round < 5; round += 1) {
      const stolen = round === 0 ? first : current;
      expect((await read(stolen, other)).status).toBe(200);
      const [currentPassword, newPassword] = [round, round + 1].map((n) =>
        n === 0 ? PASSWORD : `heron lantern gravel ${n}`,
      );
      const input = { currentPassword, newPassword };
      current = tokensOf((await tandem.send(CHANGE, { input }, { token: stolen.authToken })).data.changePassword);
      const token = stolen.authToken;
      const written = await other.send(CREATE, { input: { title: 'a', body: 'b' } }, { token });
      expect(refusal(written)).toEqual(STALE);
      expect(refusal(await other.send('mutation { revokeOtherSessions { revokedCount } }', {}, { token }))).toEqual(
        STALE,
      );
      await other.send(LOGOUT, {}, { token });
      expect(refusal(await other.send(LOGOUT, { input: { everywhere: true } }, { token }))).toEqual(STALE);
      expect((await read(current)).status).toBe(200);
    }
    expect(refusal(await read(another))).toMatchObject({ reason: 'TOKEN_REVOKED' });
  });

  it('is stale or has the wrong password, but is not revoked, if two changes of the password race', async () => {
    const { authToken: token } = await tandem.login();
    const replies = await Promise.all(
      ['the passphrase of one', 'the passphrase of two'].map((newPassword) =>
        tandem.send(CHANGE, { input: { currentPassword: PASSWORD, newPassword } }, { token }),
      ),
    );
    const [won, lost] = replies.toSorted((one, other) => one.status - other.status);
    expect(won?.status).toBe(200);
    // The second change reads the password before or after the first one has replaced it.
    expect(['TOKEN_STALE', 'WRONG_PASSWORD']).toContain(lost?.errors?.[0]?.extensions?.['reason']);
    expect((await read(tokensOf(won?.data.changePassword))).status).toBe(200);
  });

  it('cannot be exchanged, with or without its key, and revokes nothing', async () => {
    for (const seconds of [0, 3.5, 11]) {
      tandem.clock.advance(seconds);
      for (const { refreshToken } of earlier) {
        expect(refusal(await tandem.refresh(refreshToken))).toEqual(SUPERSEDED);
        expect(refusal(await tandem.refresh(refreshToken, { key: KEY }))).toEqual(SUPERSEDED);
      }
    }
    expect((await read(current)).status).toBe(200);
    expect((await tandem.refresh(current.refreshToken)).status).toBe(200);
  });

  it('cannot log out, valid or expired', async () => {
    const attempts = async () => {
      for (const { authToken, refreshToken } of earlier) {
        expect((await tandem.send(LOGOUT, {}, { token: authToken })).status).toBe(200);
        expect((await tandem.send(LOGOUT, { input: { refreshToken } })).status).toBe(200);
        const everywhere = { input: { refreshToken, everywhere: true } };
        expect(refusal(await tandem.send(LOGOUT, everywhere))).toMatchObject({ reason: 'TOKEN_MISSING' });
      }
    };
    await attempts();
    expect((await read(current)).status).toBe(200);
    tandem.clock.advance(3601);
    await attempts();
    expect((await tandem.refresh(current.refreshToken)).status).toBe(200);
  });

  it('is recorded as an event, once for each client IP address', async () => {
    for (const { refreshToken } of [...earlier, ...earlier]) await tandem.refresh(refreshToken);
    const { sessionId } = current;
    const events = await tandem.database.securityEvent.findMany({
      where: { sessionId, kind: 'REFRESH_TOKEN_SUPERSEDED' },
    });
    expect(events).toHaveLength(1);
    const query = '{ me { securityEvents(first: 1) { nodes { kind shownBy { generation } heldBy { generation } } } } }';
    const { nodes } = (await tandem.send(query, {}, { token: current.authToken })).data.me.securityEvents;
    expect(nodes).toEqual([
      { kind: 'REFRESH_TOKEN_SUPERSEDED', shownBy: { generation: 1 }, heldBy: { generation: 3 } },
    ]);
  });

  it('reports its status as stale', async () => {
    const query = '{ tokenStatus { state reason recovery } }';
    const { data } = await tandem.send(query, {}, { token: earlier[0]?.authToken });
    expect(data.tokenStatus).toEqual({ state: 'REJECTED', reason: 'TOKEN_STALE', recovery: 'REFRESH' });
  });
});
