import { getIntrospectionQuery } from 'graphql';
import { refusal, startTandem, type Tandem } from '../support/harness.js';

const times = (count: number, text: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ');
const typenames = (count: number) => times(count, () => '__typename');
const aliases = (count: number) => times(count, (n) => `a${n}: __typename`);
const directives = (count: number) => times(count, () => '__typename @include(if: true)');
const nested = (depth: number, field: string, leaf: string) =>
  `${`${field} { `.repeat(depth)}${leaf}${' }'.repeat(depth)}`;
/** A path of `depth` nested fields. */
const path = (depth: number) => `__schema { types { fields { type { ${nested(depth - 5, 'ofType', 'name')} } } } }`;
/** A document of `count` lexical tokens and few fields. */
const tokens = (count: number) => {
  const inside = count - 2;
  return `{ ${times(Math.floor(inside / 4), () => '... { __typename }')} ${typenames(inside % 4)} }`;
};

const loggedIn = async (tandem: Tandem) => ({ token: (await tandem.login()).authToken });

describe('the document limits', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem()));
  afterAll(() => tandem.close());

  /** The reason of the rejection, or its code if it has no reason; 200 if the document was executed. */
  async function outcomeOf(document: string): Promise<unknown> {
    const { status, data, errors, text } = await tandem.send(document);
    if (!errors) return status;
    expect([status, data]).toEqual([400, undefined]);
    expect(errors.length).toBeLessThanOrEqual(6);
    expect(text.length).toBeLessThan(10_000);
    const { reason, code, limit } = errors[0]?.extensions ?? {};
    return limit ?? reason ?? code;
  }

  // The two documents of a row differ by one step, so that only the limit can reject the second one.
  it.each<[string, number, (count: number) => string, string]>([
    ['fields', 300, (count) => `{ ${typenames(count)} }`, 'FIELDS'],
    [
      'fields of a fragment, counted at each spread',
      300,
      (count) => `{ ${times(10, () => '...F')} ${typenames(count - 280)} } fragment F on Query { ${typenames(28)} }`,
      'FIELDS',
    ],
    ['fields of an inline fragment', 300, (count) => `{ ... { ${typenames(count)} } }`, 'FIELDS'],
    ['aliases', 30, (count) => `{ ${aliases(count)} }`, 'ALIASES'],
    ['aliases of a fragment', 30, (count) => `{ ...F } fragment F on Query { ${aliases(count)} }`, 'ALIASES'],
    ['directives', 30, (count) => `{ ${directives(count)} }`, 'DIRECTIVES'],
    [
      'directives of fragments',
      30,
      (count) =>
        `{ ...F @include(if: true) ... @include(if: true) { ${directives(count - 2)} } }
         fragment F on Query { __typename }`,
      'DIRECTIVES',
    ],
    [
      'spreads of fragments',
      100,
      (count) => `{ ${times(count, () => '...F')} } fragment F on Query { __typename }`,
      'FRAGMENT_SPREADS',
    ],
    [
      'spreads of fragments in a fragment, counted at each of its spreads',
      100,
      (count) =>
        `{ ${times(10, () => '...F')} ${times(count - 100, () => '...G')} }
         fragment F on Query { ${times(9, () => '...G')} } fragment G on Query { __typename }`,
      'FRAGMENT_SPREADS',
    ],
    ['levels', 16, (count) => `{ ${path(count)} }`, 'DEPTH'],
    ['levels of a fragment', 16, (count) => `{ ...F } fragment F on Query { ${path(count)} }`, 'DEPTH'],
  ])('allow %s: %i and not one more', async (_what, maximum, document, name) => {
    expect(await outcomeOf(document(maximum))).toBe(200);
    expect(await outcomeOf(document(maximum + 1))).toEqual({ name, measured: maximum + 1, maximum });
  });

  it('allow tokens: 1000 and not one more', async () => {
    expect(await outcomeOf(tokens(1000))).toBe(200);
    expect(await outcomeOf(tokens(1001))).toBe('GRAPHQL_PARSE_FAILED');
  });

  it('say with a code, a reason and a message what the client can do', async () => {
    const reply = await tandem.send(`{ ${typenames(301)} }`);
    expect(refusal(reply)).toEqual({
      status: 400,
      code: 'BAD_USER_INPUT',
      reason: 'OPERATION_TOO_LARGE',
      recovery: 'FIX_INPUT',
    });
  });

  const doubling = (fragments: number) =>
    times(fragments, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`);

  it.each<[string, string, unknown]>([
    ['3,000 times the same field', `{ ${typenames(3000)} }`, 'GRAPHQL_PARSE_FAILED'],
    [
      'fragments that multiply what they contain',
      `{ ...A } fragment A on Query { ${times(20, () => '...B')} } fragment B on Query { ${typenames(20)} }`,
      { name: 'FIELDS', measured: 400, maximum: 300 },
    ],
    [
      'fragments that double what they contain 80 times',
      `{ ...F0 } ${doubling(80)} fragment F80 on Query { __typename }`,
      { name: 'FIELDS', measured: 2_147_483_647, maximum: 300 },
    ],
    [
      'many unknown directives',
      `{ __typename ${times(490, () => '@aa')} }`,
      { name: 'DIRECTIVES', measured: 490, maximum: 30 },
    ],
    [
      'many unknown directives of the operation',
      `query ${times(31, () => '@aa')} { __typename }`,
      { name: 'DIRECTIVES', measured: 31, maximum: 30 },
    ],
    [
      'fragments that spread each other',
      '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'deep nesting in a fragment named __schema',
      `{ ...__schema } fragment __schema on Query { ${path(17)} }`,
      { name: 'DEPTH', measured: 17, maximum: 16 },
    ],
    [
      'operations that have too many fields together',
      `query A { ${typenames(200)} } query B { ${typenames(200)} }`,
      { name: 'FIELDS', measured: 400, maximum: 300 },
    ],
    ['a list in 3,000 lists', `{ post(id: ${'['.repeat(3000)}`, 'GRAPHQL_PARSE_FAILED'],
    ['50 unknown fields', `{ ${times(50, (n) => `unknown${n}`)} }`, 'GRAPHQL_VALIDATION_FAILED'],
  ])('reject %s in a short response', async (_what, document, outcome) => {
    expect(await outcomeOf(document)).toEqual(outcome);
  });

  it.each<[string, string]>([
    ['DOCUMENT_FIELDS', '{ __typename __typename }'],
    ['DOCUMENT_ALIASES', '{ a: __typename b: __typename }'],
    ['DOCUMENT_DIRECTIVES', '{ __typename @include(if: true) @skip(if: false) }'],
    ['DOCUMENT_FRAGMENT_SPREADS', '{ ...F ...F } fragment F on Query { __typename }'],
    ['DOCUMENT_DEPTH', '{ __schema { description } }'],
  ])('are settings: %s', async (setting, document) => {
    expect(await outcomeOf(document)).toBe(200);
    const strict = await startTandem({ [setting]: '1' });
    const { errors } = await strict.send(document);
    expect(errors?.[0]?.extensions['limit']).toMatchObject({ measured: 2, maximum: 1 });
    await strict.close();
  });

  it('keep the response short when many variables are invalid', async () => {
    const variables = times(50, (n) => `$v${n}: Int!`);
    const uses = times(25, (n) => `a${n}: posts(first: $v${n}, last: $v${n + 25}) { totalCount }`);
    const reply = await tandem.send(`query (${variables}) { ${uses} }`, {}, await loggedIn(tandem));
    expect([reply.status, reply.errors?.length]).toEqual([400, 1]);
    expect(reply.text.length).toBeLessThan(10_000);
  });

  it('allow the introspection query of GraphQL clients', async () => {
    const introspection = getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true, oneOf: true });
    expect((await tandem.send(introspection)).status).toBe(200);
  });
});
