import { randomUUID } from 'node:crypto';
import { cleanUp } from '../support/cleanup.js';
import { TEST_PROVIDER } from '../support/databases.js';
import { droppingProxy } from '../support/dropping-proxy.js';
import { refusal, startTandem, type GraphQLReply, type Tandem } from '../support/harness.js';
import { authorOn, change, type Author } from '../support/posting.js';
import { sql } from '../support/sql.js';

const DAY = 86_400;

/** Statements that make the database reject posts, and undo that. */
const [REFUSE_POSTS, ALLOW_POSTS] =
  TEST_PROVIDER === 'sqlite'
    ? [
        `CREATE TRIGGER "refuse" BEFORE INSERT ON "Post" BEGIN SELECT RAISE(FAIL, 'refused'); END`,
        'DROP TRIGGER "refuse"',
      ]
    : [
        `ALTER TABLE "Post" ADD CONSTRAINT "refuse" CHECK ("title" = '') NOT VALID`,
        'ALTER TABLE "Post" DROP CONSTRAINT "refuse"',
      ];

describe('createPost with an idempotency key', () => {
  let tandem: Tandem;
  let ada: Author;
  let key: string;
  beforeAll(async () => (tandem = await startTandem({ AUTH_TOKEN_TTL_SECONDS: String(DAY) })));
  beforeEach(async () => {
    ada = await authorOn(tandem);
    key = randomUUID();
  });
  afterAll(() => tandem.close());

  const INPUT = { title: 'Once', body: 'Only once', publish: true };
  const creation = (input: object = INPUT) => change('createPost', { ...input, idempotencyKey: key });
  const idOf = ({ data, errors }: GraphQLReply): string => {
    expect(errors).toBeUndefined();
    return data.createPost.post.id;
  };
  const postsOf = ({ person }: Author) => tandem.database.post.count({ where: { authorId: person.id } });

  it('creates one post if connections break before the response, and the client retries', async () => {
    const proxy = await droppingProxy(tandem.url);
    const { authToken } = await tandem.login(ada.person);
    const [query, variables] = creation();
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${authToken}` };
    const send = () =>
      fetch(`${proxy.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
    proxy.drop(2);
    await expect(send()).rejects.toThrow();
    await expect(send()).rejects.toThrow();
    const { data } = (await (await send()).json()) as GraphQLReply;
    await proxy.close();
    expect(data.createPost.post).toMatchObject({ title: 'Once', status: 'PUBLISHED', author: { id: ada.person.id } });
    expect(await postsOf(ada)).toBe(1);
  });

  it('creates one post for requests at the same time, on several instances', async () => {
    const other = await tandem.startInstance();
    const { authToken: token } = await tandem.login(ada.person);
    const servers = [tandem, other, tandem, other, tandem, other];
    const ids = (await Promise.all(servers.map((server) => server.send(...creation(), { token })))).map(idOf);
    expect(new Set(ids).size).toBe(1);
    expect(await postsOf(ada)).toBe(1);
  });

  it('returns the post as it is now', async () => {
    const id = idOf(await ada.send(...creation()));
    await ada.send(...change('updatePost', { id, title: 'Changed' }));
    expect((await ada.send(...creation())).data.createPost.post).toMatchObject({ id, title: 'Changed' });
  });

  it('ignores whether fields that are null are missing', async () => {
    const input = { title: 'T', body: 'B' };
    const id = idOf(await ada.send(...creation(input)));
    expect(idOf(await ada.send(...creation({ body: 'B', publish: null, title: 'T' })))).toBe(id);
  });

  it.each([
    ['another title', { ...INPUT, title: 'Twice' }],
    ['another body', { ...INPUT, body: '' }],
    ['another state', { ...INPUT, publish: false }],
  ])('rejects %s with the same key', async (_what, input) => {
    await ada.send(...creation());
    const reply = await ada.send(...creation(input));
    expect(refusal(reply)).toEqual({ status: 409, code: 'CONFLICT', reason: null, recovery: 'FIX_INPUT' });
    expect(reply.errors?.[0]?.extensions['fields']).toMatchObject([
      { path: ['input', 'idempotencyKey'], reason: 'KEY_ALREADY_USED' },
    ]);
    expect(await postsOf(ada)).toBe(1);
  });

  it('is NOT_FOUND if the post was deleted', async () => {
    await ada.send(...change('deletePost', { id: idOf(await ada.send(...creation())) }));
    expect(refusal(await ada.send(...creation()))).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect(await postsOf(ada)).toBe(0);
  });

  it('has keys of its own for each account', async () => {
    const grace = await authorOn(tandem);
    expect(idOf(await grace.send(...creation()))).not.toBe(idOf(await ada.send(...creation())));
    expect([await postsOf(ada), await postsOf(grace)]).toEqual([1, 1]);
  });

  it('creates a post for each key, and for each request without one', async () => {
    await ada.send(...creation());
    key = randomUUID();
    await ada.send(...creation());
    await ada.send(...change('createPost', INPUT));
    await ada.send(...change('createPost', { ...INPUT, idempotencyKey: null }));
    expect(await postsOf(ada)).toBe(4);
  });

  it('keeps a key for 24 hours', async () => {
    const id = idOf(await ada.send(...creation()));
    tandem.clock.advance(DAY - 1);
    const { authToken: token } = await tandem.login(ada.person);
    expect(idOf(await tandem.send(...creation(), { token }))).toBe(id);
    tandem.clock.advance(1);
    const next = idOf(await tandem.send(...creation(), { token }));
    expect(next).not.toBe(id);
    expect(idOf(await tandem.send(...creation(), { token }))).toBe(next);
  });

  it('stores no key if no post was created', async () => {
    const url = tandem.config.database.url;
    await sql(url, REFUSE_POSTS);
    expect((await ada.send(...creation())).status).toBe(500);
    await sql(url, ALLOW_POSTS);
    idOf(await ada.send(...creation()));
    expect(await postsOf(ada)).toBe(1);
  });

  it.each(['', 'x'.repeat(15), 'x'.repeat(129), 'é'.repeat(20)])('rejects the key %j', async (bad) => {
    key = bad;
    const reply = await ada.send(...creation());
    expect(refusal(reply)).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
    expect(reply.errors?.[0]?.extensions['fields']).toMatchObject([
      { path: ['input', 'idempotencyKey'], reason: 'INVALID_FORMAT' },
    ]);
  });

  it('deletes expired keys', async () => {
    const keys = () => tandem.database.idempotencyKey.count({ where: { accountId: ada.person.id } });
    await ada.send(...creation());
    await cleanUp(tandem);
    expect(await keys()).toBe(1);
    tandem.clock.advance(DAY);
    await cleanUp(tandem);
    expect(await keys()).toBe(0);
  });
});
