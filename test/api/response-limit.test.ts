import { startTandem, type Tandem } from '../support/harness.js';

const PAGE = 'nodes { title body }';

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
    ['a list with the text under two names', '{ posts(last: 100) { nodes { body other: body } } }'],
    [
      'two lists through a fragment',
      `{ a: posts(first: 100) { ...P } b: posts(first: 100) { ...P } } fragment P on PostConnection { ${PAGE} }`,
    ],
  ])('is rejected before it executes if it has %s', async (_what, query) => {
    const reply = await tandem.send(query, {}, { token });
    expect(reply.status).toBe(400);
    expect(reply.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
    expect(reply.data).toBeUndefined();
  });

  it.each([
    ['in the document', 'query', '-100000', {}],
    ['in a variable', 'query Q($first: Int)', '$first', { first: -100_000 }],
    ['in the default of a variable', 'query Q($first: Int = -100000)', '$first', {}],
  ])('is rejected if a skipped list has a negative page size %s', async (_where, operation, first, variables) => {
    const skipped = `posts(first: ${first}) @skip(if: true) { ${PAGE} }`;
    const reply = await tandem.send(`${operation} { ${skipped} ${lists(8, 100)} }`, variables, { token });
    expect(reply.status).toBe(400);
    expect(reply.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
    expect(reply.data).toBeUndefined();
  });

  it('is judged by the values of its variables', async () => {
    const query = `query Q($first: Int = 100) { a: posts(first: $first) { ${PAGE} } b: posts(first: $first) { ${PAGE} } }`;
    expect((await tandem.send(query, { first: 10 }, { token })).status).toBe(200);
    expect((await tandem.send(query, { first: 100 }, { token })).status).toBe(400);
    expect((await tandem.send(query, {}, { token })).status).toBe(400);
  });
});
