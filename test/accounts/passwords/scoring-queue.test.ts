import type { ScorePassword } from '../../../src/accounts/passwords/password-scoring.js';
import { openDatabase } from '../../../src/database/client.js';
import { Failure } from '../../../src/errors/failure.js';
import {
  LOGIN,
  PASSWORD,
  PROTECTED,
  refusal,
  startTandem,
  type GraphQLReply,
  type Tandem,
} from '../../support/harness.js';
import { signUp } from '../../support/sign-up.js';
import { until } from '../../support/until.js';

const UNAVAILABLE = { status: 503, code: 'SERVICE_UNAVAILABLE', reason: null, recovery: 'RETRY' };
/** Of those that set a password. */
const MOST_PLACES = 202;

describe('new passwords, while the thread that scores them is slow', () => {
  let tandem: Tandem;
  const scoring: (() => void)[] = [];
  let isHeld = true;
  /** Ends when the test says so. */
  const score: ScorePassword = () =>
    new Promise((resolve) => {
      if (isHeld) scoring.push(() => resolve(4));
      else resolve(4);
    });
  beforeAll(async () => {
    tandem = await startTandem({}, openDatabase, () => () => undefined, score);
  });
  afterAll(() => tandem.close());

  it('are scored one after the other, and rejected with 503 if about 200 wait', async () => {
    const replies: GraphQLReply[] = [];
    const sent = Array.from({ length: MOST_PLACES + 10 }, async (_, index) => {
      const reply = await signUp(tandem, `crowd-${index}@example.com`);
      replies.push(reply);
    });
    await until(() => replies.length === 10);
    expect(scoring).toHaveLength(1);
    for (const reply of replies) {
      expect(refusal(reply)).toEqual(UNAVAILABLE);
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect((await tandem.send(PROTECTED, {}, { token: (await tandem.login()).authToken })).status).toBe(200);

    isHeld = false;
    for (const finish of scoring) finish();
    await Promise.all(sent);
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(MOST_PLACES);
  });
});

describe('new passwords that cannot be scored', () => {
  let tandem: Tandem;
  beforeAll(async () => {
    const fail: ScorePassword = async () => {
      throw new Failure('SERVICE_UNAVAILABLE', { cause: 'the thread ended' });
    };
    tandem = await startTandem({}, openDatabase, () => () => undefined, fail);
  });
  afterAll(() => tandem.close());

  it('are neither accepted nor called easy to guess: the response is 503', async () => {
    const reply = await signUp(tandem, 'lin@example.com');
    expect(refusal(reply)).toEqual(UNAVAILABLE);
    expect(await tandem.database.signUp.count()).toBe(0);
  });

  it('do not keep anybody from logging in', async () => {
    const { email } = await tandem.person();
    expect((await tandem.send(LOGIN, { input: { email, password: PASSWORD } })).status).toBe(200);
  });
});
