import { PROTECTED, refusal, startTandem, type GraphQLReply, type Tandem } from '../support/harness.js';
import { sql } from '../support/sql.js';

const UNAVAILABLE = { status: 503, code: 'SERVICE_UNAVAILABLE', reason: null, recovery: 'RETRY' };

describe('the server, while the database fails', () => {
  let tandem: Tandem;
  beforeEach(async () => {
    tandem = await startTandem();
  });
  afterEach(() => tandem.close());

  const run = (statement: string) => sql(tandem.config.database.url, statement);

  function expectUnavailable(replies: GraphQLReply[]): void {
    for (const reply of replies) {
      expect(refusal(reply)).toEqual(UNAVAILABLE);
      expect(reply.data ?? null).toBeNull();
      expect(reply.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(reply.headers.has('www-authenticate')).toBe(false);
      expect(reply.errors?.[0]?.extensions['retryAfterSeconds']).toBe(Number(reply.headers.get('retry-after')));
      expect(reply.text).not.toMatch(/sqlite|prisma|table|locked|select|update/i);
    }
  }

  it('returns 503 for the token of a session that it cannot read', async () => {
    const { authToken: token, refreshToken } = await tandem.login();
    const instance = await tandem.startInstance();
    await run('ALTER TABLE "Session" RENAME TO "Elsewhere"');
    expectUnavailable([
      await instance.send(PROTECTED, {}, { token }),
      await instance.send('{ me { id } }', {}, { token }),
      await instance.refresh(refreshToken),
    ]);
    expect(refusal(await instance.send(PROTECTED, {}, { token: `${token.slice(0, -4)}AAAA` }))).toMatchObject({
      status: 401,
      reason: 'TOKEN_INVALID',
    });
    const status = await instance.send('{ __typename tokenStatus { serverTime } }', {}, { token });
    expect(status.errors?.[0]?.extensions['code']).not.toBe('UNAUTHENTICATED');
    await run('ALTER TABLE "Elsewhere" RENAME TO "Session"');
    expect((await instance.send(PROTECTED, {}, { token })).status).toBe(200);
    expect((await instance.refresh(refreshToken)).errors).toBeUndefined();
  });

  it('returns 503 for a read and logs the error', async () => {
    const { authToken: token } = await tandem.login();
    await run('ALTER TABLE "Post" RENAME COLUMN "body" TO "elsewhere"');
    expectUnavailable([
      await tandem.send('{ posts(first: 1) { nodes { body } } }', {}, { token }),
      // Null would say that there is no such post.
      await tandem.send('{ __typename post(id: "01890000-0000-7000-8000-000000000000") { id } }', {}, { token }),
    ]);
    expect(tandem.log()).toContain('a request could not be served');
  });
});
