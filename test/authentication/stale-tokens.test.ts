import { startTandem, type Tandem } from '../support/harness.js';

const LOGOUT = 'mutation ($input: LogoutInput) { logout(input: $input) { loggedOut } }';

describe('a stale token', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem({ REFRESH_TOKEN_IDLE_SECONDS: '600' })));
  afterAll(() => tandem.close());

  it('can log its session out', async () => {
    const person = await tandem.person();
    const { authToken: token, refreshToken } = await tandem.login(person);
    await tandem.database.account.update({
      where: { id: person.id },
      data: { role: 'ADMIN', roleChangedAt: new Date(tandem.clock.nowMs()) },
    });
    const instance = await tandem.startInstance();
    const status = await instance.send('{ tokenStatus { reason } }', {}, { token });
    expect(status.data.tokenStatus.reason).toBe('TOKEN_STALE');
    await instance.send(LOGOUT, {}, { token });
    expect((await tandem.refresh(refreshToken)).errors?.[0]?.extensions['reason']).toBe('REFRESH_TOKEN_REVOKED');
  });

  it('cannot log out everywhere after its session expired', async () => {
    const person = await tandem.person();
    const old = await tandem.login(person);
    tandem.clock.advance(601);
    const fresh = await tandem.login(person);
    await tandem.send(LOGOUT, { input: { refreshToken: old.refreshToken, everywhere: true } });
    expect((await tandem.send('{ me { id } }', {}, { token: fresh.authToken })).status).toBe(200);
  });
});
