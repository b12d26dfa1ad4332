import { refusal, startTandem, tokensOf, type Tandem, type Tokens } from '../support/harness.js';
import { systemClock } from '../../src/shared/clock.js';

describe('a system clock that is set back', () => {
  let tandem: Tandem;
  beforeEach(async () => (tandem = await startTandem()));
  afterEach(() => tandem.close());

  const next = async ({ refreshToken }: Tokens) => tokensOf((await tandem.refresh(refreshToken)).data.refreshToken);

  it('does not set back the time of the server', () => {
    let [wall, monotonic] = [1_000_000, 0];
    const clock = systemClock(
      () => wall,
      () => monotonic,
    );
    expect(clock.nowMs()).toBe(1_000_000);
    [wall, monotonic] = [400_000, 500];
    expect(clock.nowMs()).toBe(1_000_500);
    [wall, monotonic] = [2_000_000, 600];
    expect(clock.nowMs()).toBe(2_000_000);
  });

  it('neither expires nor revives a session when the server starts afterwards', async () => {
    tandem.clock.advance(7200); // so that the keys are older than the sessions
    const [live, ended] = [await tandem.login(), await tandem.login()];
    const lost = await next(live);
    const retired = await next(ended);
    await next(retired);
    tandem.clock.advance(11);
    await tandem.refresh(ended.refreshToken);
    tandem.clock.advance(-3600);
    expect((await next(live)).refreshToken).toBe(lost.refreshToken);
    const third = await next(lost);
    expect((await tandem.refresh(third.refreshToken)).status).toBe(200);
    expect(refusal(await tandem.refresh(retired.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REVOKED' });
    tandem.clock.advance(11);
    expect(refusal(await tandem.refresh(live.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REUSED' });
  });
});
