import { LOGIN, PASSWORD, startTandem } from '../support/harness.js';

describe('refreshAfter', () => {
  it('is spread over clients that log in together and lies before the auth token expires', async () => {
    const tandem = await startTandem();
    try {
      const now = Math.floor(tandem.clock.nowMs() / 1000) * 1000;
      tandem.clock.stopAt(now);
      const { email } = await tandem.person();
      const shares: number[] = [];
      for (let batch = 0; batch < 10; batch++) {
        const input = { email, password: PASSWORD };
        const replies = await Promise.all(Array.from({ length: 10 }, () => tandem.send(LOGIN, { input })));
        for (const { data } of replies) {
          const [server, refresh, end] = ['serverTime', 'refreshAfter', 'authTokenExpiresAt'].map((field) =>
            Date.parse(data.login[field]),
          ) as [number, number, number];
          expect(server).toBe(now);
          shares.push((refresh - server) / (end - server));
        }
      }
      expect(shares).toHaveLength(100);
      expect(Math.min(...shares)).toBeGreaterThan(0.5);
      expect(Math.max(...shares)).toBeLessThan(0.95);
      expect(Math.max(...shares) - Math.min(...shares)).toBeGreaterThan(0.1);
      expect(new Set(shares).size).toBeGreaterThan(50);
    } finally {
      await tandem.close();
    }
  });
});
