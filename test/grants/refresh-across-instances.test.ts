import { startTandem, type Tandem } from '../support/harness.js';

const ROUNDS = 10;
const TOGETHER = 50;

describe('refreshes of one token that reach several processes at once', () => {
  let processes: Tandem[];
  beforeAll(async () => {
    const first = await startTandem();
    processes = [first, await first.sibling(), await first.sibling()];
  });
  afterAll(() => processes[0]?.close());

  it(`all get the same successor, ${TOGETHER} at a time`, async () => {
    let { refreshToken } = (await processes[0]?.login()) ?? { refreshToken: '' };
    for (let round = 0; round < ROUNDS; round++) {
      const replies = await Promise.all(
        Array.from({ length: TOGETHER }, async (_, index) =>
          processes[index % processes.length]?.refresh(refreshToken),
        ),
      );
      const successors = new Set(replies.map((reply) => reply?.data?.refreshToken?.refreshToken as string | undefined));
      expect([...successors]).toEqual([expect.stringMatching(/^tandem_rt_/)]);
      expect(successors.has(refreshToken)).toBe(false);
      [refreshToken = ''] = successors;
    }
  });
});
