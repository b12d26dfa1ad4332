import { startTandem, type Tandem } from '../support/harness.js';

const LOGOUT = 'mutation ($input: LogoutInput) { logout(input: $input) { loggedOut } }';

describe('a token that is out of date', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem({ REFRESH_TOKEN_IDLE_SECONDS: '600' })));
  afterAll(() => tandem.close());

  it('logs its session out although its role is stale', async () => {
    const person = await tandem.person();
    const { authToken: token, refreshToken } = await tandem.login(person);
    await tandem.database.account.update({
      where: { id: person.id },
      data: { role: 'ADMIN', roleChangedAt: new Date(tandem.clock.nowMs()) },
    });
    const sibling = await tandem.sibling();
    const status = await sibling.send('{ tokenStatus { reason } }', {}, { token });
    expect(status.data.tokenStatus.reason).toBe('TOKEN_STALE');
    await sibling.send(LOGOUT, {}, { token });
    expect((await tandem.refresh(refreshToken)).errors?.[0]?.extensions['reason']).toBe('REFRESH_TOKEN_REVOKED');
  });

  it('does not log out everywhere when its session is over', async () => {
    const person = await tandem.person();
    const old = await tandem.login(person);
    tandem.clock.advance(601);
    const fresh = await tandem.login(person);
    await tandem.send(LOGOUT, { input: { refreshToken: old.refreshToken, everywhere: true } });
    expect((await tandem.send('{ me { id } }', {}, { token: fresh.authToken })).status).toBe(200);
  });
});
