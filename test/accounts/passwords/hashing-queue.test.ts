import { LOGIN, PASSWORD, PROTECTED, refusal, startTandem, type Tandem } from '../../support/harness.js';

describe('logins beyond the capacity of the hashing queue', () => {
  let tandem: Tandem;
  beforeAll(async () => {
    const settings = { PASSWORD_CONCURRENCY: '1', PASSWORD_QUEUE: '4', PASSWORD_ITERATIONS: '10' };
    tandem = await startTandem({ ...settings, TRUSTED_PROXIES: '127.0.0.1' });
  });
  afterAll(() => tandem.close());

  it('get 503 with Retry-After while reads and refreshes succeed', async () => {
    const { email } = await tandem.person();
    const sessions = [];
    for (let index = 0; index < 10; index++) sessions.push(await tandem.login());

    const logins = Array.from({ length: 50 }, () => tandem.send(LOGIN, { input: { email, password: PASSWORD } }));
    const meanwhile = sessions.flatMap(({ authToken: token, refreshToken }) => [
      tandem.send(PROTECTED, {}, { token }),
      tandem.refresh(refreshToken),
    ]);
    for (const reply of await Promise.all(meanwhile)) expect(reply.status).toBe(200);

    const replies = await Promise.all(logins);
    const refused = replies.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    expect(replies.length - refused.length).toBeGreaterThanOrEqual(4);
    for (const reply of refused) {
      expect(refusal(reply)).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE', recovery: 'RETRY' });
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect((await tandem.send(LOGIN, { input: { email, password: PASSWORD } })).status).toBe(200);
  });

  it('do not keep an owner out who logged in from the same network before', async () => {
    const { email } = await tandem.person();
    const logIn = (ipAddress: string) =>
      tandem.send(LOGIN, { input: { email, password: PASSWORD } }, { headers: { 'x-forwarded-for': ipAddress } });
    await logIn('192.0.2.1');

    const strangers: Promise<number>[] = [];
    for (let time = 0; time < 5; time += 1) {
      for (let index = 0; index < 20; index += 1) {
        strangers.push(logIn(`198.51.100.${time * 20 + index}`).then(({ status }) => status));
      }
      expect((await logIn('192.0.2.1')).status).toBe(200);
    }
    expect((await Promise.all(strangers)).filter((status) => status === 503).length).toBeGreaterThan(50);
  });
});
