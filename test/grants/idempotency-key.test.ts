import { sessionStore } from '../../src/sessions/session-store.js';
import {
  refusal,
  PROTECTED,
  startTandem,
  tokensOf,
  type RefreshOptions,
  type Tandem,
  type Tokens,
} from '../support/harness.js';

const HOUR = 3600;
const [KEY, OTHER_KEY] = ['the key of this exchange', 'another key altogether'];
const SUPERSEDED = {
  status: 400,
  code: 'INVALID_REFRESH_TOKEN',
  reason: 'REFRESH_TOKEN_SUPERSEDED',
  recovery: 'USE_NEWER_TOKENS',
};
const REUSED = { status: 400, code: 'INVALID_REFRESH_TOKEN', reason: 'REFRESH_TOKEN_REUSED', recovery: 'LOG_IN' };

describe('refreshToken with an idempotency key', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem()));
  afterAll(() => tandem.close());

  const next = async ({ refreshToken }: Tokens, options?: RefreshOptions, server = tandem) =>
    tokensOf((await server.refresh(refreshToken, options)).data.refreshToken);
  const read = ({ authToken }: Tokens, server = tandem) => server.send(PROTECTED, {}, { token: authToken });
  const refuse = async ({ refreshToken }: Tokens, options?: RefreshOptions, server = tandem) =>
    refusal(await server.refresh(refreshToken, options));
  const eventsOf = ({ sessionId }: Tokens, kind: 'REFRESH_TOKEN_REPEATED' | 'REFRESH_TOKEN_REUSED') =>
    tandem.database.securityEvent.findMany({ where: { sessionId, kind } });

  it.each([
    ['15 characters', 'x'.repeat(15)],
    ['129 characters', 'x'.repeat(129)],
    ['no character', ''],
    ['a line feed', `${KEY}\n`],
    ['a letter outside ASCII', `${KEY}ä`],
    ['U+007F', `${KEY}\u007F`],
  ])('rejects a key of %s, and changes nothing', async (_what, key) => {
    const first = await tandem.login();
    expect(await refuse(first, { key })).toMatchObject({ status: 400, code: 'BAD_USER_INPUT', recovery: 'FIX_INPUT' });
    const { generation } = await tandem.database.session.findUniqueOrThrow({ where: { id: first.sessionId } });
    expect(generation).toBe(1);
  });

  it.each(['x'.repeat(16), 'x'.repeat(128), ' ~ printable ASCII ~ '])('accepts the key %j', async (key) => {
    const first = await tandem.login();
    const second = await next(first, { key });
    await read(second);
    tandem.clock.advance(HOUR);
    expect(await refuse(first, { key })).toEqual(SUPERSEDED);
  });

  it('returns the same successor for the same key after an hour, on another instance and after a restart', async () => {
    const first = await tandem.login();
    const lost = await next(first, { key: KEY });
    tandem.clock.advance(2 * HOUR);
    const other = await tandem.startInstance();
    const again = await next(first, { key: KEY }, other);
    expect(again.refreshToken).toBe(lost.refreshToken);
    expect((await read(again, other)).status).toBe(200);
  });

  it('revokes only its session when the lost response is repeated with another key', async () => {
    const person = await tandem.person();
    const [first, other] = [await tandem.login(person), await tandem.login(person)];
    await next(first, { key: KEY });
    tandem.clock.advance(HOUR / 2);
    expect(await refuse(first, { key: OTHER_KEY })).toEqual(REUSED);
    expect((await read(other)).status).toBe(200);
  });

  it.each([
    ['without a key', undefined],
    ['with a key of his own', OTHER_KEY],
  ])('detects a thief who exchanged the token first %s and stayed silent', async (_how, key) => {
    const first = await tandem.login();
    const stolen = await next(first, key === undefined ? {} : { key });
    tandem.clock.advance(11);
    expect(await refuse(first, { key: KEY })).toEqual(REUSED);
    expect(await refuse(stolen)).toMatchObject({ reason: 'REFRESH_TOKEN_REVOKED' });
    expect(await eventsOf(first, 'REFRESH_TOKEN_REUSED')).toHaveLength(1);
  });

  it('returns the same successor to a second tab that wakes up hours later, after the first tab used it', async () => {
    const first = await tandem.login();
    await next(first, { key: KEY });
    tandem.clock.advance(8 * HOUR);
    const tabA = await next(first, { key: KEY });
    await read(tabA);
    tandem.clock.advance(1);
    const tabB = await next(first, { key: KEY });
    expect(tabB.refreshToken).toBe(tabA.refreshToken);
    expect((await read(tabB)).status).toBe(200);
  });

  it('returns the same successor to a second tab without a key, too', async () => {
    const first = await tandem.login();
    await next(first);
    tandem.clock.advance(8 * HOUR);
    const tabA = await next(first);
    await read(tabA);
    tandem.clock.advance(1);
    expect((await next(first)).refreshToken).toBe(tabA.refreshToken);
  });

  it.each([13, 60])('supersedes a request that arrives %d s after its successor was used', async (seconds) => {
    const first = await tandem.login();
    const second = await next(first, { key: KEY });
    await read(second);
    tandem.clock.advance(seconds);
    expect(await refuse(first, { key: KEY })).toEqual(SUPERSEDED);
    expect((await read(second)).status).toBe(200);
  });

  it('supersedes a request that is overtaken by 15 exchanges, and counts the seventeenth as reuse', async () => {
    const first = await tandem.login();
    let tokens = await next(first, { key: KEY });
    for (let exchange = 0; exchange < 15; exchange += 1) {
      tandem.clock.advance(60);
      tokens = await next(tokens, { key: `${OTHER_KEY} ${exchange}` });
      expect(await refuse(first, { key: KEY })).toEqual(SUPERSEDED);
    }
    expect((await read(tokens)).status).toBe(200);
    await next(tokens, { key: OTHER_KEY });
    expect(await refuse(first, { key: KEY })).toEqual(REUSED);
  });

  it('supersedes a request without a key within the grace period of the last rotation only', async () => {
    const first = await tandem.login();
    const third = await next(await next(first));
    tandem.clock.advance(9);
    expect(await refuse(first)).toEqual(SUPERSEDED);
    expect((await read(third)).status).toBe(200);
    tandem.clock.advance(2);
    expect(await refuse(first)).toEqual(REUSED);
  });

  it('revokes the session for a token two generations old with another key, even at once', async () => {
    const first = await tandem.login();
    await next(await next(first, { key: KEY }), { key: OTHER_KEY });
    expect(await refuse(first, { key: OTHER_KEY })).toEqual(REUSED);
  });

  it.each([
    ['with one key', () => KEY],
    ['with 50 keys', (index: number) => `${KEY} ${index}`],
  ])('returns one successor to 50 parallel requests on two instances %s', async (_how, keyOf) => {
    const other = await tandem.startInstance();
    const first = await tandem.login();
    const pairs = await Promise.all(
      Array.from({ length: 50 }, (_, index) => next(first, { key: keyOf(index) }, index % 2 ? other : tandem)),
    );
    expect(new Set(pairs.map(({ refreshToken }) => refreshToken)).size).toBe(1);
    const { generation } = await tandem.database.session.findUniqueOrThrow({ where: { id: first.sessionId } });
    expect(generation).toBe(2);
  });

  it('stores the key of the request that rotated when several requests of one session share a batch', async () => {
    const { sessionId } = await tandem.login();
    const store = sessionStore(tandem.database);
    const now = new Date(tandem.clock.nowMs());
    const clientInfo = { ipAddress: '127.0.0.1', userAgent: undefined, requestId: 'r' };
    const keys = ['the first', 'the second', 'the third'];
    const rotated = await Promise.all(
      keys.map((exchangeKeys) =>
        store.rotate({ sessionId, generation: 1, exchangeKeys, now, idleExpiresAt: now, clientInfo }),
      ),
    );
    expect(rotated).toEqual([true, false, false]);
    const row = await tandem.database.session.findUniqueOrThrow({ where: { id: sessionId } });
    expect(row).toMatchObject({ generation: 2, exchangeKeys: 'the first', exchangeKeysGeneration: 2 });
  });

  describe('a repeat within the grace period', () => {
    const elsewhere = { headers: { 'user-agent': 'another client' } };

    it('is recorded once per rotation if it comes from another client without the key', async () => {
      const first = await tandem.login();
      await next(first, { key: KEY });
      for (const key of [OTHER_KEY, OTHER_KEY, KEY]) await next(first, { key, ...elsewhere });
      await next(first, elsewhere);
      const events = await eventsOf(first, 'REFRESH_TOKEN_REPEATED');
      expect(events).toHaveLength(1);
      expect(JSON.parse(events[0]?.detail ?? '{}')).toMatchObject({
        shown: { userAgent: 'another client', generation: 1 },
        holder: { generation: 2 },
      });
    });

    it('is not recorded if it comes from the same client, or carries the key of its exchange', async () => {
      const first = await tandem.login();
      await next(first, { key: KEY });
      await next(first, { key: OTHER_KEY });
      await next(first);
      await next(first, { key: KEY, ...elsewhere });
      expect(await eventsOf(first, 'REFRESH_TOKEN_REPEATED')).toEqual([]);
    });
  });
});
