import { LOGIN, PASSWORD, PROTECTED, refusal, startTandem, type Tandem } from '../../support/harness.js';

describe('logins beyond the capacity of the hashing queue', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem({ PASSWORD_QUEUE: '4', PASSWORD_ITERATIONS: '10' })));
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
});
