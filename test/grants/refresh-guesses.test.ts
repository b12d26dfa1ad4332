import { randomBytes } from 'node:crypto';
import { PROTECTED, refusal, startTandem, tokensOf, type Tandem, type Tokens } from '../support/harness.js';

const UNKNOWN = {
  status: 400,
  code: 'INVALID_REFRESH_TOKEN',
  reason: 'REFRESH_TOKEN_UNKNOWN',
  recovery: 'LOG_IN',
};
const PREFIX_LENGTH = 'tandem_rt_'.length;

describe('a guessed refresh token', () => {
  let tandem: Tandem;
  let tokens: Tokens;
  beforeAll(async () => {
    tandem = await startTandem();
    tokens = tokensOf((await tandem.refresh((await tandem.login()).refreshToken)).data.refreshToken);
  });
  afterAll(() => tandem.close());
  // A guess revokes nothing, and the genuine token stays valid.
  afterEach(async () => {
    expect((await tandem.send(PROTECTED, {}, { token: tokens.authToken })).status).toBe(200);
    tokens = tokensOf((await tandem.refresh(tokens.refreshToken)).data.refreshToken);
  });

  it.each<[string, (real: string) => string]>([
    ['nothing', () => ''],
    ['blanks', () => '   '],
    ['the prefix alone', () => 'tandem_rt_'],
    ['a word', () => 'token'],
    ['ten kilobytes', () => `tandem_rt_${'A'.repeat(10_240)}`],
    ['the real one with an end', (real) => `${real}A`],
    ['the real one with a line break', (real) => `${real}\n`],
    ['the real one with padding', (real) => `${real}==`],
    ['the real one without its last character', (real) => real.slice(0, -1)],
    ['half of the real one', (real) => real.slice(0, real.length / 2)],
    ['the real one in capitals', (real) => real.toUpperCase()],
    ['the real one without its prefix', (real) => real.slice(PREFIX_LENGTH)],
    ['random bytes in its form', () => `tandem_rt_${randomBytes(54).toString('base64url')}`],
    ['zeroes in its form', () => `tandem_rt_${'A'.repeat(72)}`],
    ['ones in its form', () => `tandem_rt_${'_'.repeat(72)}`],
    ['a JWT without a signature', () => 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.'],
    ['SQL', () => `' OR "generation" = 1; --`],
  ])('is unknown: %s', async (_what, guess) => {
    expect(refusal(await tandem.refresh(guess(tokens.refreshToken)))).toEqual(UNKNOWN);
  });

  it('is unknown when one character differs, at every position', async () => {
    const real = tokens.refreshToken;
    const guesses = [...real].map((character, place) => {
      return real.slice(0, place) + (character === 'A' ? 'B' : 'A') + real.slice(place + 1);
    });
    const replies = await Promise.all(guesses.map((guess) => tandem.refresh(guess)));
    expect(replies.map(refusal)).toEqual(guesses.map(() => UNKNOWN));
  });

  it('is unknown when it combines the ID of one session with the MAC of another', async () => {
    const own = bytesOf((await tandem.login()).refreshToken);
    const other = bytesOf(tokens.refreshToken);
    const forged = Buffer.concat([other.subarray(0, 16), own.subarray(16)]);
    expect(refusal(await tandem.refresh(tokenOf(forged)))).toEqual(UNKNOWN);
  });

  it.each([-1, 1, 1000])('is unknown when it names a generation %d later', async (step) => {
    const bytes = bytesOf(tokens.refreshToken);
    bytes.writeUIntBE(bytes.readUIntBE(16, 6) + step, 16, 6);
    expect(refusal(await tandem.refresh(tokenOf(bytes)))).toEqual(UNKNOWN);
  });

  it('is unknown when its generation is later than in a restored database, and revokes nothing', async () => {
    const { sessionId: id, refreshToken } = await tandem.login();
    const later = tokensOf((await tandem.refresh(refreshToken)).data.refreshToken);
    await tandem.database.session.update({ where: { id }, data: { generation: 1 } });
    expect(refusal(await tandem.refresh(later.refreshToken))).toEqual(UNKNOWN);
    expect(await tandem.database.session.findUnique({ where: { id } })).toMatchObject({ endedAt: null });
  });

  it('is unknown when it is an auth token, and is not logged as reuse', async () => {
    expect(refusal(await tandem.refresh(tokens.authToken))).toEqual(UNKNOWN);
    expect(tandem.log()).not.toContain('refresh_token.reused');
  });

  it('is not accepted as an auth token when it is a valid refresh token', async () => {
    const reply = await tandem.send(PROTECTED, {}, { token: tokens.refreshToken });
    expect(refusal(reply)).toMatchObject({ status: 401, reason: 'TOKEN_INVALID' });
  });

  it('is unknown when its session was created with another key ring', async () => {
    const elsewhere = await startTandem();
    const foreign = await elsewhere.login();
    await elsewhere.close();
    expect(refusal(await tandem.refresh(foreign.refreshToken))).toEqual(UNKNOWN);
  });
});

function bytesOf(refreshToken: string): Buffer {
  return Buffer.from(refreshToken.slice(PREFIX_LENGTH), 'base64url');
}

function tokenOf(bytes: Buffer): string {
  return `tandem_rt_${bytes.toString('base64url')}`;
}
