import { randomBytes } from 'node:crypto';
import type { Prisma } from '../../src/database/generated/client.js';
import { cleanUp } from '../support/cleanup.js';
import { PROTECTED, refusal, startTandem, type Person, type Tandem } from '../support/harness.js';

const DAY = 86_400;

describe('the session limit', () => {
  let tandem: Tandem;
  let person: Person;
  beforeAll(async () => (tandem = await startTandem({ SESSION_LIMIT: '3' })));
  beforeEach(async () => (person = await tandem.person()));
  afterAll(() => tandem.close());

  const listed = async (token: string) => {
    const { me } = (await tandem.send('{ me { sessions { id } } }', {}, { token })).data;
    return (me.sessions as { id: string }[]).map(({ id }) => id);
  };

  it('revokes only the oldest session of the account with each login beyond it', async () => {
    const stranger = await tandem.login();
    const logins = [];
    for (let time = 0; time < 5; time++) logins.push(await tandem.login(person));
    const kept = logins.slice(2);
    expect(await listed(kept[0]?.authToken ?? '')).toEqual(kept.map(({ sessionId }) => sessionId).reverse());
    for (const { authToken: token, refreshToken } of logins.slice(0, 2)) {
      expect(refusal(await tandem.send(PROTECTED, {}, { token }))).toMatchObject({ reason: 'TOKEN_REVOKED' });
      expect(refusal(await tandem.refresh(refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REVOKED' });
    }
    expect((await tandem.send(PROTECTED, {}, { token: stranger.authToken })).status).toBe(200);
  });

  it('does not count revoked sessions', async () => {
    const first = await tandem.login(person);
    for (let time = 0; time < 4; time++) {
      const { authToken: token } = await tandem.login(person);
      await tandem.send('mutation { logout { loggedOut } }', {}, { token });
    }
    expect(await listed(first.authToken)).toEqual([first.sessionId]);
  });

  it('holds for 20 concurrent logins', async () => {
    const logins = await Promise.all(Array.from({ length: 20 }, () => tandem.login(person)));
    const replies = await Promise.all(
      logins.map(({ authToken: token }) => tandem.send(PROTECTED, {}, { token }).then(({ status }) => status)),
    );
    expect(replies.filter((status) => status === 200)).toHaveLength(3);
  });
});

describe('session cleanup', () => {
  let tandem: Tandem;
  beforeEach(async () => (tandem = await startTandem()));
  afterEach(() => tandem.close());

  it('deletes only sessions that were revoked or expired a day ago, thousands of them', async () => {
    const { id: accountId } = await tandem.person();
    const dead = [
      ...rows(1500, { accountId, createdAt: -9 * DAY, expiresAt: 21 * DAY, endedAt: -DAY - 60 }),
      ...rows(1500, { accountId, createdAt: -31 * DAY, expiresAt: -DAY - 60 }),
      ...rows(100, { accountId, createdAt: -40 * DAY, expiresAt: -10 * DAY, endedAt: -11 * DAY }),
    ];
    const kept = [
      ...rows(120, { accountId, createdAt: -DAY, expiresAt: 29 * DAY }),
      ...rows(120, { accountId, createdAt: -9 * DAY, expiresAt: 21 * DAY, endedAt: -DAY + 60 }),
      ...rows(120, { accountId, createdAt: -31 * DAY, expiresAt: -DAY + 60 }),
      ...rows(120, { accountId, createdAt: -30 * DAY, expiresAt: 60, endedAt: -1 }),
    ];
    await tandem.database.session.createMany({ data: [...dead, ...kept] });
    const sessionId = await cleanUp(tandem);
    expect(await storedIds()).toEqual([...kept.map(({ id }) => id), sessionId].sort());
  });

  it('keeps revoked sessions until their auth tokens have expired', async () => {
    await tandem.close();
    tandem = await startTandem({ AUTH_TOKEN_TTL_SECONDS: String(DAY) });
    const { authToken: token } = await tandem.login();
    await tandem.send('mutation { logout { loggedOut } }', {}, { token });
    tandem.clock.advance(DAY - 10);
    await cleanUp(tandem);
    const instance = await tandem.startInstance();
    expect(refusal(await instance.send(PROTECTED, {}, { token }))).toMatchObject({ reason: 'TOKEN_REVOKED' });
  });

  it('does not change active sessions, and rejects tokens of deleted sessions', async () => {
    const [live, over] = [await tandem.login(), await tandem.login()];
    await tandem.send('mutation { logout { loggedOut } }', {}, { token: over.authToken });
    tandem.clock.advance(DAY + 60);
    const sessionId = await cleanUp(tandem);
    expect(await storedIds()).toEqual([live.sessionId, sessionId].sort());
    expect((await tandem.refresh(live.refreshToken)).errors).toBeUndefined();
    expect(refusal(await tandem.refresh(over.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_UNKNOWN' });
  });

  it('does not block logins', async () => {
    const { id: accountId } = await tandem.person();
    await tandem.database.session.createMany({
      data: rows(2000, { accountId, createdAt: -31 * DAY, expiresAt: -DAY - 60 }),
    });
    const cleaning = cleanUp(tandem);
    for (let time = 0; time < 5; time++) {
      const { refreshToken } = await tandem.login();
      expect((await tandem.refresh(refreshToken)).errors).toBeUndefined();
    }
    await cleaning;
    expect(await storedIds()).toHaveLength(6);
  });

  async function storedIds(): Promise<string[]> {
    const stored = await tandem.database.session.findMany({ select: { id: true }, orderBy: { id: 'asc' } });
    return stored.map(({ id }) => id);
  }

  /** Inserts session rows. Times are in seconds from now. */
  function rows(
    count: number,
    { accountId, ...times }: { accountId: string; createdAt: number; expiresAt: number; endedAt?: number },
  ): (Prisma.SessionCreateManyInput & { id: string })[] {
    const at = (seconds: number) => new Date(tandem.clock.nowMs() + seconds * 1000);
    const { createdAt, expiresAt, endedAt } = times;
    return Array.from({ length: count }, () => ({
      id: randomBytes(16).toString('hex'),
      accountId,
      generation: 1,
      salt: randomBytes(16),
      refreshKeyId: 'any',
      rotatedAt: at(createdAt),
      idleExpiresAt: at(expiresAt),
      expiresAt: at(expiresAt),
      createdAt: at(createdAt),
      ...(endedAt !== undefined && { endedAt: at(endedAt), endedReason: 'LOGGED_OUT' as const }),
    }));
  }
});
