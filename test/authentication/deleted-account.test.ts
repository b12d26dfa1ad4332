import { openDatabase, type Database, type DatabaseOptions } from '../../src/database/client.js';
import { refusal, startTandem, type Tandem } from '../support/harness.js';

const REVOKED = { status: 401, code: 'UNAUTHENTICATED', reason: 'TOKEN_REVOKED', recovery: 'LOG_IN' };
const POSTS = '{ posts(first: 1) { nodes { id } } }';
const CREATE = 'mutation ($input: CreatePostInput!) { createPost(input: $input) { post { id } } }';
const DRAFT = { input: { title: 'A title', body: 'A body.' } };

describe('the auth token of a deleted account', () => {
  let tandem: Tandem;
  let token: string;
  beforeEach(async () => {
    tandem = await startTandem();
    const person = await tandem.person();
    token = (await tandem.login(person)).authToken;
    expect((await tandem.send(POSTS, {}, { token })).status).toBe(200);
    await tandem.database.account.delete({ where: { id: person.id } });
  });
  afterEach(() => tandem.close());

  it('is rejected as revoked by an instance that has not seen its session', async () => {
    const instance = await tandem.startInstance();
    expect(refusal(await instance.send(POSTS, {}, { token }))).toEqual(REVOKED);
  });

  it('is rejected as revoked by an instance that has, within five minutes', async () => {
    tandem.clock.advance(301);
    expect(refusal(await tandem.send(POSTS, {}, { token }))).toEqual(REVOKED);
  });

  it('is rejected as revoked at once by the query `me` and by mutations', async () => {
    expect(refusal(await tandem.send('{ me { id } }', {}, { token }))).toEqual(REVOKED);
    expect(refusal(await tandem.send(CREATE, DRAFT, { token }))).toEqual(REVOKED);
  });
});

it('an account that is deleted while it creates a post gets the same error', async () => {
  let remove = async () => {};
  const open = (options: DatabaseOptions): Database => {
    const database = openDatabase(options);
    const observed = database.$extends({
      query: {
        async $allOperations({ args, query }) {
          const { strings = [] } = args as { strings?: readonly string[] };
          if (strings.join('').includes('INSERT INTO "Post"')) await remove();
          return query(args) as Promise<unknown>;
        },
      },
    });
    return Object.assign(observed as unknown as Database, { provider: database.provider });
  };
  const tandem = await startTandem({}, open);
  const person = await tandem.person();
  const { authToken: token } = await tandem.login(person);
  remove = async () => void (await tandem.database.account.deleteMany({ where: { id: person.id } }));
  expect(refusal(await tandem.send(CREATE, DRAFT, { token }))).toEqual(REVOKED);
  await tandem.close();
});
