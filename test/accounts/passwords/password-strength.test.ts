import { openDatabase } from '../../../src/database/client.js';
import type { ScorePassword } from '../../../src/accounts/passwords/password-scoring.js';
import { refusal, startTandem, type GraphQLReply, type Tandem } from '../../support/harness.js';
import { signUp } from '../../support/sign-up.js';
import { until } from '../../support/until.js';

const STRENGTH = `query Strength($input: PasswordStrengthInput!) {
  passwordStrength(input: $input) { acceptable score problems { reason message } }
}`;
const GOOD = 'seven otters in a teapot';
const PERFECT = { acceptable: true, score: 4, problems: [] };
const LIMITED = { status: 429, code: 'RATE_LIMITED', reason: null, recovery: 'RETRY' };
/** In no response and no line of the log. */
const CANARY = 'hunter2 hunts otters in a teapot';

describe('passwordStrength', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem({}, undefined, undefined, 'zxcvbn')));
  afterAll(() => tandem.close());

  const ask = (input: object) => tandem.send(STRENGTH, { input });
  async function strength(password: string, context: object = {}) {
    const { acceptable, score, problems } = (await ask({ password, ...context })).data.passwordStrength;
    return { acceptable, score, problems: problems.map(({ reason }: { reason: string }) => reason) };
  }

  it('accepts what a sign-up accepts', async () => {
    expect(await strength(GOOD)).toEqual(PERFECT);
    expect((await signUp(tandem, 'lin@example.com', { password: GOOD })).errors).toBeUndefined();
  });

  it.each([
    ['an empty password', '', 0, ['BLANK']],
    ['a short password', 'xk3 9q_ w7z!', 3, ['TOO_SHORT']],
    ['a short password that is easy to guess', 'password', 0, ['TOO_SHORT', 'EASY_TO_GUESS']],
    ['a frequent password', 'password1234567', 1, ['EASY_TO_GUESS']],
    ['well-known phrases, whose score alone would suffice', 'mypasswordispassword', 2, ['EASY_TO_GUESS']],
    ['257 characters', 'seven otters in a teapot, '.repeat(10).slice(0, 257), 0, ['TOO_LONG']],
    ['100,000 characters', 'x'.repeat(100_000), 0, ['TOO_LONG']],
  ])('says the score and all problems of %s', async (_what, password, score, problems) => {
    expect(await strength(password)).toEqual({ acceptable: false, score, problems });
  });

  it('says what a sign-up with the same address and name would say', async () => {
    const password = 'brobdingnag gulliver';
    expect(await strength(password)).toEqual(PERFECT);
    for (const context of [{ displayName: 'Gulliver Brobdingnag' }, { email: 'gulliver@brobdingnag.example' }]) {
      expect(await strength(password, context)).toMatchObject({ acceptable: false, problems: ['EASY_TO_GUESS'] });
      const reply = await signUp(tandem, 'lin@example.com', { password, ...context });
      expect(reply.errors?.[0]?.extensions['fields']).toMatchObject([{ reason: 'EASY_TO_GUESS' }]);
    }
  });

  it('accepts an address that is being typed, and rejects one of 255 characters', async () => {
    expect(await strength(GOOD, { email: 'li', displayName: '' })).toEqual(PERFECT);
    const reply = await ask({ password: GOOD, email: 'x'.repeat(255) });
    expect(reply.errors?.[0]?.extensions['fields']).toMatchObject([{ path: ['input', 'email'], reason: 'TOO_LONG' }]);
  });

  describe('over GET', () => {
    const get = (query: string, variables: object) => {
      const parameters = new URLSearchParams({ query, variables: JSON.stringify(variables) });
      return fetch(`${tandem.url}/graphql?${parameters}`, { headers: { 'apollo-require-preflight': '1' } });
    };

    it.each([
      ['by name', STRENGTH],
      ['by an alias', STRENGTH.replace('passwordStrength', 'tokenStatus: passwordStrength')],
      [
        'in a fragment',
        'query ($input: PasswordStrengthInput!) { ...F } fragment F on Query { passwordStrength(input: $input) { score } }',
      ],
    ])('is rejected %s, because URLs are stored in logs', async (_how, query) => {
      const response = await get(query, { input: { password: CANARY } });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
      const text = await response.text();
      expect(JSON.parse(text).errors[0].extensions).toMatchObject({ code: 'BAD_REQUEST', recovery: 'FIX_INPUT' });
      expect(text).not.toContain('hunter2');
    });

    it('is no reason to reject another query', async () => {
      expect((await get('{ tokenStatus { state } }', {})).status).toBe(200);
    });
  });

  it('repeats the password in no response, no cache of a client and no line of the log', async () => {
    const inline = `{ passwordStrength(input: { password: "${CANARY}" }) { acceptable } }`;
    const replies = [
      await ask({ password: CANARY }),
      await tandem.send(inline),
      await ask({ password: CANARY, email: 1 }),
      await tandem.send(inline.replace('acceptable', 'unknown')),
    ];
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 400, 400]);
    expect(replies.map(({ text }) => text).join() + tandem.log()).not.toContain('hunter2');
    for (const { headers } of replies) expect(headers.get('cache-control')).toBe('no-store');
  });
});

describe('the limit of passwords to score', () => {
  let tandem: Tandem;
  beforeEach(async () => {
    tandem = await startTandem({ PASSWORD_CHECKS_PER_ADDRESS: '10', TRUSTED_PROXIES: '127.0.0.1' });
    tandem.clock.stopAt(Date.now());
  });
  afterEach(() => tandem.close());

  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
  const ask = (address: string, count = 1) => {
    const fields = Array.from({ length: count }, (_, index) => `a${index}: passwordStrength(input: $input) { score }`);
    const query = `query ($input: PasswordStrengthInput!) { ${fields.join(' ')} }`;
    return tandem.send(query, { input: { password: GOOD } }, from(address));
  };

  it('rejects passwordStrength beyond PASSWORD_CHECKS_PER_ADDRESS, until Retry-After is over', async () => {
    for (let time = 0; time < 10; time += 1) expect((await ask('192.0.2.1')).status).toBe(200);
    const reply = await ask('192.0.2.1');
    expect(refusal(reply)).toEqual(LIMITED);
    expect(reply.headers.get('retry-after')).toBe('6');
    expect((await ask('192.0.2.2')).status).toBe(200);
    tandem.clock.advance(6);
    expect((await ask('192.0.2.1')).status).toBe(200);
  });

  it('counts each password of an operation', async () => {
    expect((await ask('192.0.2.1', 10)).status).toBe(200);
    expect(refusal(await ask('192.0.2.1'))).toEqual(LIMITED);
    expect(refusal(await ask('192.0.2.2', 11))).toEqual(LIMITED);
  });

  it('counts sign-ups apart', async () => {
    await ask('192.0.2.1', 10);
    const post = (index: number) => {
      const input = { email: `lin-${index}@example.com`, password: 'password1234567', displayName: 'Lin' };
      const query = 'mutation ($input: SignUpInput!) { signUp(input: $input) { accepted } }';
      return tandem.send(query, { input }, from('192.0.2.1'));
    };
    for (let time = 0; time < 10; time += 1) expect((await post(time)).status).toBe(400);
    expect(refusal(await post(10))).toEqual(LIMITED);
  });
});

it('does not keep passwords from being set, however many previews wait for a score', async () => {
  const scoring: (() => void)[] = [];
  const score: ScorePassword = () => new Promise((resolve) => scoring.push(() => resolve(4)));
  const tandem = await startTandem({}, openDatabase, () => () => undefined, score);
  const replies: GraphQLReply[] = [];
  const sent = Array.from({ length: 120 }, async () => {
    replies.push(await tandem.send(STRENGTH, { input: { password: GOOD } }));
  });
  await until(() => replies.length > 0);
  expect(refusal(replies[0] as GraphQLReply)).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE' });
  const signingUp = signUp(tandem, 'lin@example.com');
  let isDone = false;
  void signingUp.then(() => (isDone = true));
  await until(() => {
    scoring.shift()?.();
    return isDone;
  });
  expect((await signingUp).status).toBe(200);
  const finish = setInterval(() => scoring.shift()?.(), 1);
  await Promise.all(sent);
  clearInterval(finish);
  await tandem.close();
});
