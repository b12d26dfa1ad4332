import { storePosts } from '../support/stored-posts.js';
import { refusal, startTandem, type GraphQLReply, type Tandem } from '../support/harness.js';

const PAGE = 'nodes { title body }';
const EVENT = 'at kind ipAddress userAgent sessionId deviceName attempts endReason';
const EVENT_LISTS = Array.from(
  { length: 29 },
  (_, n) => `e${n}: securityEvents(first: 100) { nodes { ${EVENT} } }`,
).join(' ');

describe('an operation with a large response', () => {
  let tandem: Tandem;
  let token: string;
  beforeAll(async () => {
    tandem = await startTandem();
    token = (await tandem.login()).authToken;
  });
  afterAll(() => tandem.close());

  const lists = (count: number, first: number) =>
    Array.from({ length: count }, (_, index) => `p${index}: posts(first: ${first}) { ${PAGE} }`).join(' ');

  function expectTooLarge(reply: GraphQLReply): void {
    expect(refusal(reply)).toEqual({
      status: 400,
      code: 'BAD_USER_INPUT',
      reason: 'RESPONSE_TOO_LARGE',
      recovery: 'FIX_INPUT',
    });
    expect(reply.data).toBeUndefined();
  }

  it.each([
    ['one list of 100 posts', `{ ${lists(1, 100)} }`],
    ['five lists of 20 posts', `{ ${lists(5, 20)} }`],
    ['20 lists of 100 posts without their texts', `{ ${lists(20, 100).replaceAll(' body', '')} }`],
  ])('is executed if it has %s', async (_what, query) => {
    expect((await tandem.send(query, {}, { token })).status).toBe(200);
  });

  it.each([
    ['two lists of 100 posts', `{ ${lists(2, 100)} }`],
    ['30 lists of 100 posts', `{ ${lists(30, 100)} }`],
    ['a list with the texts in both edges and nodes', `{ posts(first: 100) { edges { node { body } } ${PAGE} } }`],
    ['a list with very long names', `{ posts(first: 100) { nodes { ${'n'.repeat(70_000)}: id } } }`],
    ['a list with the text under two names', '{ posts(last: 100) { nodes { body other: body } } }'],
    ['lists of an object that is read as a node', `{ node(id: "x") { ... on Account { ${EVENT_LISTS} } } }`],
    [
      'two lists through a fragment',
      `{ a: posts(first: 100) { ...P } b: posts(first: 100) { ...P } } fragment P on PostConnection { ${PAGE} }`,
    ],
  ])('is rejected before it executes if it has %s', async (_what, query) => {
    const reply = await tandem.send(query, {}, { token });
    expectTooLarge(reply);
    const { name, measured, maximum } = reply.errors?.[0]?.extensions['limit'] as Record<string, number>;
    expect([name, maximum]).toEqual(['COST', 6_000_000]);
    expect(measured).toBeGreaterThan(6_000_000);
  });

  it('counts a fragment with the page size of each spread', async () => {
    const query = (first: number) =>
      `{ a: posts(first: 100) { ...P } b: posts(first: ${first}) { ...P } } fragment P on PostConnection { ${PAGE} }`;
    expect((await tandem.send(query(10), {}, { token })).status).toBe(200);
    expectTooLarge(await tandem.send(query(20), {}, { token }));
  });

  it('costs more with a search', async () => {
    const query = (fields: string) =>
      `{ a: posts(last: 100, filter: { search: "x" }) { ${PAGE} } b: posts(first: 10) { nodes { ${fields} } } }`;
    expect((await tandem.send(query('id'), {}, { token })).status).toBe(200);
    expectTooLarge(await tandem.send(query('body'), {}, { token }));
  });

  it.each([
    ['in the document', 'query', '-100000', {}],
    ['in a variable', 'query Q($first: Int)', '$first', { first: -100_000 }],
    ['in the default of a variable', 'query Q($first: Int = -100000)', '$first', {}],
  ])('is rejected if a skipped list has a negative page size %s', async (_where, operation, first, variables) => {
    const skipped = `posts(first: ${first}) @skip(if: true) { ${PAGE} }`;
    const reply = await tandem.send(`${operation} { ${skipped} ${lists(8, 100)} }`, variables, { token });
    expectTooLarge(reply);
  });

  it('is judged by the values of its variables', async () => {
    const query = `query Q($first: Int = 100) { a: posts(first: $first) { ${PAGE} } b: posts(first: $first) { ${PAGE} } }`;
    expect((await tandem.send(query, { first: 10 }, { token })).status).toBe(200);
    expect((await tandem.send(query, { first: 100 }, { token })).status).toBe(400);
    expect((await tandem.send(query, {}, { token })).status).toBe(400);
  });

  it.each([
    ['€, which has three bytes', '€'],
    ['quotes, which are escaped', '"'],
    ['control characters, which are escaped', '\u0001'],
  ])('is rejected if its texts consist of %s, and executed with smaller pages', async (_what, character) => {
    const { id } = await tandem.person();
    const bodies = Array.from({ length: 100 }, () => character.repeat(50_000));
    await storePosts(tandem, id, bodies);
    const query = `query Q($id: ID!, $first: Int) { posts(filter: { authorId: $id }, first: $first) { ${PAGE} } }`;
    const reply = await tandem.send(query, { id, first: 100 }, { token });
    expectTooLarge(reply);
    expect(reply.headers.get('content-type')).toMatch(/json/);
    const smaller = await tandem.send(query, { id, first: 18 }, { token });
    expect(smaller.status).toBe(200);
    expect(smaller.data.posts.nodes).toHaveLength(18);
    expect(smaller.data.posts.nodes[0].body).toBe(bodies[0]);
  });

  it('is rejected before it executes if it is a mutation whose texts could have too many bytes', async () => {
    const author = await tandem.person();
    const { authToken } = await tandem.login(author);
    const input = { title: 'A title', body: 'A body' };
    const create = (count: number) => {
      const fields = Array.from({ length: count }, (_, index) => `c${index}: body`);
      const query = `mutation ($input: CreatePostInput!) { createPost(input: $input) { post { ${fields.join(' ')} } } }`;
      return tandem.send(query, { input }, { token: authToken });
    };
    const stored = () => tandem.database.post.count({ where: { authorId: author.id } });
    expectTooLarge(await create(21));
    expect(await stored()).toBe(0);
    expect((await create(19)).status).toBe(200);
    expect(await stored()).toBe(1);
  });
});
