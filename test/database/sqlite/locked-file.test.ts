import { connectionsTo } from '../../../src/database/client.js';
import { DEFAULT_LIMITS } from '../../../src/database/limits.js';
import {
  LOGIN,
  PASSWORD,
  PROTECTED,
  refusal,
  startTandem,
  type GraphQLReply,
  type Tandem,
} from '../../support/harness.js';
import { change } from '../../support/posting.js';

const UNAVAILABLE = { status: 503, code: 'SERVICE_UNAVAILABLE', reason: null, recovery: 'RETRY' };

describe('the server, while another connection keeps the SQLite file locked', () => {
  let tandem: Tandem;
  beforeEach(async () => {
    tandem = await startTandem({ DATABASE_STATEMENT_TIMEOUT_MS: '100' });
    // SQLite's busy_timeout blocks this thread, in which the other writer runs too.
    await tandem.database.$queryRaw`PRAGMA busy_timeout = 20`;
  });
  afterEach(() => tandem.close());

  function expectUnavailable(replies: GraphQLReply[]): void {
    for (const reply of replies) {
      expect(refusal(reply)).toEqual(UNAVAILABLE);
      expect(reply.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(reply.headers.has('www-authenticate')).toBe(false);
      expect(reply.errors?.[0]?.extensions['retryAfterSeconds']).toBe(Number(reply.headers.get('retry-after')));
      expect(reply.text).not.toMatch(/sqlite|prisma|table|locked|select|update/i);
    }
  }

  it('returns 503 for every write within the timeout, rejects no token, and recovers by itself', async () => {
    const person = await tandem.person();
    const { authToken: token, refreshToken } = await tandem.login(person);
    const other = await connectionsTo(tandem.config.database.url).connect();
    await other.executeScript('BEGIN EXCLUSIVE');
    const lockedAtMs = performance.now();
    expectUnavailable([
      await tandem.refresh(refreshToken),
      await tandem.send(LOGIN, { input: { email: person.email, password: PASSWORD } }),
      await tandem.send(...change('createPost', { title: 'T', body: 'B' }), { token }),
      await tandem.send('mutation { logout { loggedOut } }', {}, { token }),
      await tandem.send('mutation { revokeOtherSessions { revokedCount } }', {}, { token }),
    ]);
    expect(performance.now() - lockedAtMs).toBeLessThan(DEFAULT_LIMITS.statementTimeoutMs);
    expect((await tandem.send(PROTECTED, {}, { token })).status).toBe(200);
    await other.dispose();
    expect((await tandem.refresh(refreshToken)).errors).toBeUndefined();
    expect((await tandem.send(...change('createPost', { title: 'T', body: 'B' }), { token })).status).toBe(200);
  });
});
