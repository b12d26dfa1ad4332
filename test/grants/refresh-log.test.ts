import { startTandem, type Tandem } from '../support/harness.js';

describe('the log line of a rejected refresh', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem()));
  afterAll(() => tandem.close());

  /** The line `refresh.rejected` of a refresh with this token. */
  async function rejection(refreshToken: string): Promise<Record<string, unknown>> {
    const { headers, errors } = await tandem.refresh(refreshToken);
    expect(JSON.stringify(errors)).not.toContain('cause');
    const lines = tandem
      .log()
      .trim()
      .split('\n')
      .map((line): Record<string, unknown> => JSON.parse(line));
    const [line = {}] = lines.filter(
      ({ event, requestId }) => event === 'refresh.rejected' && requestId === headers.get('x-request-id'),
    );
    expect(JSON.stringify(line)).not.toContain('tandem_rt_');
    return line;
  }

  it('names the session, the account, the generation and the cause', async () => {
    const person = await tandem.person();
    const { refreshToken, sessionId } = await tandem.login(person);
    await tandem.disable(person.id);
    expect(await rejection(refreshToken)).toMatchObject({
      level: 'info',
      reason: 'REFRESH_TOKEN_REVOKED',
      cause: 'the account may not log in',
      sessionId,
      accountId: person.id,
      generation: 1,
      ipAddress: '127.0.0.1',
    });
  });

  it('distinguishes the causes of REFRESH_TOKEN_UNKNOWN', async () => {
    const { refreshToken, sessionId } = await tandem.login();
    const forged = refreshToken.slice(0, -1) + (refreshToken.endsWith('A') ? 'B' : 'A');
    expect(await rejection(forged)).toMatchObject({ cause: 'the MAC is wrong', sessionId });
    expect(await rejection('no token')).toMatchObject({ cause: 'the token is malformed' });
    await tandem.database.session.delete({ where: { id: sessionId } });
    expect(await rejection(refreshToken)).toMatchObject({ cause: 'the session does not exist', sessionId });
  });

  it('is written for an expired session', async () => {
    const { refreshToken, sessionId } = await tandem.login();
    tandem.clock.advance(15 * 86_400);
    expect(await rejection(refreshToken)).toMatchObject({ reason: 'REFRESH_TOKEN_EXPIRED', sessionId });
  });
});

describe('the events of a request', () => {
  it('carry its ID, in the database and in the log', async () => {
    const tandem = await startTandem();
    const { authToken: token, sessionId } = await tandem.login();
    const { headers } = await tandem.send('mutation { logout { loggedOut } }', {}, { token });
    const requestId = headers.get('x-request-id');
    const { detail } = await tandem.database.securityEvent.findFirstOrThrow({
      where: { sessionId, kind: 'SESSION_ENDED' },
    });
    expect(JSON.parse(detail ?? '')).toEqual({ reason: 'LOGGED_OUT', requestId });
    const [line = ''] = tandem
      .log()
      .split('\n')
      .filter((entry) => entry.includes('"session.ended"'));
    expect(JSON.parse(line)).toMatchObject({ requestId });
    await tandem.close();
  });
});
