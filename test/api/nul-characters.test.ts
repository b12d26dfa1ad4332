import { LOGIN, refusal, startTandem, type Tandem } from '../support/harness.js';
import { authorOn, change, type Author } from '../support/posting.js';

/** Valid in JSON and GraphQL. PostgreSQL rejects it anywhere in a text. */
const NUL = 'a\0b';

describe('the character U+0000', () => {
  let tandem: Tandem;
  let author: Author;
  beforeAll(async () => {
    tandem = await startTandem();
    author = await authorOn(tandem);
  });
  afterAll(() => tandem.close());

  const LIST = 'query ($filter: PostFilter) { posts(filter: $filter) { nodes { id } } }';
  it.each<[string, string, object]>([
    ['an address', LOGIN, { input: { email: NUL, password: 'x' } }],
    ['the name of a device', LOGIN, { input: { email: 'a@example.com', password: 'x', deviceName: NUL } }],
    ['a title', ...change('createPost', { title: NUL, body: '' })],
    ['a body', ...change('createPost', { title: 'T', body: NUL })],
    ['a change', ...change('updatePost', { id: 'x', title: NUL })],
    ['the id of a post to change', ...change('updatePost', { id: NUL, title: 'T' })],
    ['the id of a post to publish', ...change('publishPost', { id: NUL })],
    ['the id of a post to delete', ...change('deletePost', { id: NUL })],
    [
      'the id of a session',
      'mutation ($id: ID!) { revokeSession(input: { sessionId: $id }) { revokedSessionId } }',
      { id: NUL },
    ],
    ['a search', LIST, { filter: { search: NUL } }],
    ['an author to filter by', LIST, { filter: { authorId: NUL } }],
  ])('is rejected as BAD_USER_INPUT in %s', async (_where, query, variables) => {
    expect(refusal(await author.send(query, variables))).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
  });

  it('matches no post when it is part of an ID', async () => {
    const reply = await author.send('query ($id: ID!) { post(id: $id) { id } }', { id: NUL });
    expect([reply.status, reply.data]).toEqual([200, { post: null }]);
  });

  it('makes a refresh token unknown', async () => {
    expect(refusal(await tandem.refresh(NUL))).toMatchObject({ status: 400, reason: 'REFRESH_TOKEN_UNKNOWN' });
  });
});
