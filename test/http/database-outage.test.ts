import { PROTECTED, refusal, startTandem, type GraphQLReply, type Tandem } from '../support/harness.js';
import { sql } from '../support/sql.js';

const LOGOUT = 'mutation ($input: LogoutInput) { logout(input: $input) { loggedOut } }';
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

  it('returns 503 for a logout with an auth token that it cannot judge, and revokes nothing', async () => {
    const person = await tandem.person();
    const [here, there] = [await tandem.login(person), await tandem.login(person)];
    const instance = await tandem.startInstance();
    const logOut = (input: object) => instance.send(LOGOUT, { input }, { token: here.authToken });
    await run('ALTER TABLE "Session" RENAME TO "Elsewhere"');
    expectUnavailable([
      await logOut({}),
      await logOut({ everywhere: true }),
      await logOut({ refreshToken: here.refreshToken, everywhere: true }),
    ]);
    await run('ALTER TABLE "Elsewhere" RENAME TO "Session"');
    for (const { authToken: token, refreshToken } of [here, there]) {
      expect((await instance.send(PROTECTED, {}, { token })).status).toBe(200);
      expect((await instance.refresh(refreshToken)).errors).toBeUndefined();
    }
    expect(await tandem.database.session.count({ where: { endedAt: { not: null } } })).toBe(0);
    expect(await tandem.database.securityEvent.count({ where: { kind: 'SESSION_ENDED' } })).toBe(0);
    expect((await logOut({})).data).toEqual({ logout: { loggedOut: true } });
    expect(refusal(await instance.send(PROTECTED, {}, { token: here.authToken }))).toMatchObject({ status: 401 });
  });

  it('returns 503 for a read and logs the error', async () => {
    const { authToken: token } = await tandem.login();
    await run('ALTER TABLE "Post" RENAME COLUMN "body" TO "elsewhere"');
    expectUnavailable([
      await tandem.send('{ posts(first: 1) { nodes { body } } }', {}, { token }),
      // Null would mean that the post does not exist.
      await tandem.send('{ __typename post(id: "01890000-0000-7000-8000-000000000000") { id } }', {}, { token }),
    ]);
    expect(tandem.log()).toContain('a request could not be served');
  });
});
