import { LOGIN, PASSWORD, refusal, startTandem, type Tandem, type Tokens } from '../../support/harness.js';

/** 96 kB. NFC sorts the combining marks, and its time grows with the square of their number: 1 to 2 seconds for these. */
const COMBINING_MARKS = '\u0301'.repeat(24_000) + '\u0316'.repeat(24_000);
const CHANGE = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { authToken } }';

describe('a password of 96 kB of combining marks', () => {
  let tandem: Tandem;
  let tokens: Tokens;
  beforeAll(async () => {
    tandem = await startTandem();
    tokens = await tandem.login();
  });
  afterAll(() => tandem.close());

  it.each([
    ['login', LOGIN, { email: 'anybody@example.com', password: COMBINING_MARKS }],
    ['changePassword', CHANGE, { currentPassword: PASSWORD, newPassword: COMBINING_MARKS }],
    ['changePassword', CHANGE, { currentPassword: COMBINING_MARKS, newPassword: PASSWORD }],
  ])('is rejected by %s without normalizing it', async (_mutation, operation, input) => {
    const { normalize } = String.prototype;
    const lengths: number[] = [];
    String.prototype.normalize = function (this: string, form?: string) {
      lengths.push(this.length);
      return normalize.call(this, form);
    };
    try {
      const reply = await tandem.send(operation, { input }, { token: tokens.authToken });
      expect(refusal(reply)).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
    } finally {
      String.prototype.normalize = normalize;
    }
    expect(Math.max(0, ...lengths)).toBeLessThanOrEqual(1024);
  });
});
