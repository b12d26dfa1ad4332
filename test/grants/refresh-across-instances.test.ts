import { startTandem, type Tandem } from '../support/harness.js';

const ROUNDS = 10;
const TOGETHER = 50;

describe('concurrent refreshes of one token on several instances', () => {
  let instances: Tandem[];
  beforeAll(async () => {
    const first = await startTandem();
    instances = [first, await first.startInstance(), await first.startInstance()];
  });
  afterAll(() => instances[0]?.close());

  it(`all return the same successor, ${TOGETHER} at a time`, async () => {
    let { refreshToken } = (await instances[0]?.login()) ?? { refreshToken: '' };
    for (let round = 0; round < ROUNDS; round++) {
      const replies = await Promise.all(
        Array.from({ length: TOGETHER }, async (_, index) =>
          instances[index % instances.length]?.refresh(refreshToken),
        ),
      );
      const successors = new Set(replies.map((reply) => reply?.data?.refreshToken?.refreshToken as string | undefined));
      expect([...successors]).toEqual([expect.stringMatching(/^tandem_rt_/)]);
      expect(successors.has(refreshToken)).toBe(false);
      [refreshToken = ''] = successors;
    }
  });
});
