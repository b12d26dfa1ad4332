import { jest } from '@jest/globals';
import { Worker } from 'node:worker_threads';
import type { HashJob } from '../../../src/accounts/passwords/hash-threads.js';
import { LOGIN, PASSWORD, startTandem, type Tandem } from '../../support/harness.js';

// What the threads that hash receive. Node.js sends other messages to the thread of its module loader.
const postMessage = jest.spyOn(Worker.prototype, 'postMessage');
const jobs = () => postMessage.mock.calls.map(([job]) => job as HashJob).filter((job) => 'password' in job);

describe('a login', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem({ PASSWORD_ITERATIONS: '3' })));
  afterAll(() => tandem.close());

  const logIn = (email: string, password: string) => tandem.send(LOGIN, { input: { email, password } });
  const expectOneHash = () => {
    expect(jobs().map((job) => 'storedHash' in job && job.storedHash)).toEqual([
      expect.stringMatching(/^\$argon2id\$v=19\$m=19456,t=3,p=1\$[\w+/]{22}\$[\w+/]{43}$/),
    ]);
  };

  it.each<[string, (email: string, id: string) => Promise<unknown>]>([
    ['the right password', (email) => logIn(email, PASSWORD)],
    ['a wrong password', (email) => logIn(email, 'wrong')],
    ['an unknown address', () => logIn('nobody@example.com', PASSWORD)],
    [
      'a disabled account',
      async (email, id) => {
        await tandem.disable(id);
        await logIn(email, PASSWORD);
      },
    ],
    [
      'a damaged hash',
      async (email, id) => {
        await tandem.database.account.update({ where: { id }, data: { passwordHash: 'damaged' } });
        await logIn(email, PASSWORD);
      },
    ],
  ])('computes exactly one hash of the configured cost for %s', async (_what, attempt) => {
    const { email, id } = await tandem.person();
    postMessage.mockClear();
    await attempt(email, id);
    expectOneHash();
  });

  it('hashes nothing when the password is too long', async () => {
    const { email } = await tandem.person();
    postMessage.mockClear();
    await logIn(email, 'x'.repeat(257));
    expect(jobs()).toEqual([]);
  });

  it('hashes nothing when an operation contains several logins', async () => {
    const { email } = await tandem.person();
    postMessage.mockClear();
    const fields = Array.from({ length: 50 }, (_, index) => `l${index}: login(input: $input) { tokenType }`);
    const query = `mutation ($input: LoginInput!) { ${fields.join(' ')} }`;
    expect((await tandem.send(query, { input: { email, password: PASSWORD } })).status).toBe(400);
    expect(jobs()).toEqual([]);
  });
});
