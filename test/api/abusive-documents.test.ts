import { getIntrospectionQuery } from 'graphql';
import type { Tandem } from '../support/harness.js';
import { startProduction } from '../support/production.js';

const times = (count: number, text: string | ((n: number) => string)) =>
  Array.from({ length: count }, (_, n) => (typeof text === 'string' ? text : text(n))).join(' ');
const ONE_POST = 'post(id: "01900000-0000-7000-8000-000000000000")';

describe('the server in production', () => {
  let tandem: Tandem;
  let token: string;
  beforeAll(async () => {
    tandem = await startProduction();
    token = (await tandem.login()).authToken;
  });
  afterAll(() => tandem.close());

  const post = async (body: string, headers: Record<string, string>): Promise<Response> =>
    fetch(`${tandem.url}/graphql`, { method: 'POST', body, headers });

  /** For everybody. Before the values of variables are read, an anonymous client is told to log in. */
  async function expectRejection(document: string, variables = {}): Promise<void> {
    const replies = await Promise.all([tandem.send(document, variables), tandem.send(document, variables, { token })]);
    const [anonymous, loggedIn] = replies;
    expect([400, 401]).toContain(anonymous.status);
    expect(loggedIn.status).toBe(400);
    for (const { data, errors = [], text } of replies) {
      expect(data).toBeUndefined();
      expect(errors.length).toBeLessThanOrEqual(6);
      expect(text.length).toBeLessThan(10_000);
      expect(text).not.toMatch(/did you mean|stacktrace|exception|node_modules/i);
    }
  }

  // The checks of graphql-cop, from its documentation.
  describe('gives graphql-cop no finding:', () => {
    it.each([
      ['alias overloading', `query cop { ${times(101, (n) => `alias${n}: __typename`)} }`],
      ['directive overloading', `query cop { __typename ${times(10, '@aa')} }`],
      ['directive overloading of 50 directives', `query cop { __typename ${times(50, '@aa')} }`],
      ['field duplication', `query cop { ${times(500, '__typename')} }`],
      ['introspection', 'query cop { __schema { types { name fields { name } } } }'],
      [
        'circular introspection',
        'query cop { __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } }',
      ],
      ['field suggestions', 'query cop { __schema { directive } }'],
      ['unhandled errors', 'qwerty cop { abc }'],
      ['circular fragments', 'query cop { ...A } fragment A on Query { __typename ...B } fragment B on Query { ...A }'],
    ])('%s', async (_check, document) => {
      await expectRejection(document);
    });

    it('array-based query batching', async () => {
      const batch = JSON.stringify(Array.from({ length: 10 }, () => ({ query: 'query cop { __typename }' })));
      const response = await post(batch, { 'content-type': 'application/json' });
      expect(response.status).toBe(400);
      expect(await response.text()).not.toContain('"data"');
    });

    it.each(['query cop { __typename }', 'mutation cop { __typename }'])(
      'a GET, and a form, that another site can send: %s',
      async (query) => {
        const form = new URLSearchParams({ query });
        const responses = [
          await fetch(`${tandem.url}/graphql?${form}`),
          await post(form.toString(), { 'content-type': 'application/x-www-form-urlencoded' }),
        ];
        for (const response of responses) {
          expect(response.status).toBeGreaterThanOrEqual(400);
          expect(await response.text()).not.toContain('"data"');
        }
      },
    );

    it.each<Record<string, string>>([{}, { 'apollo-federation-include-trace': 'ftv1' }])(
      'tracing, with the headers %j',
      async (headers) => {
        const { text, status } = await tandem.send('query cop { __typename }', {}, { headers });
        expect([status, JSON.parse(text)]).toEqual([200, { data: { __typename: 'Query' } }]);
      },
    );

    it.each(['/', '/graphql', '/graphiql', '/playground', '/console', '/explorer/graphiql', '/altair'])(
      'a page of an explorer at %s',
      async (path) => {
        const response = await fetch(`${tandem.url}${path}`, { headers: { accept: 'text/html' } });
        expect(response.status).toBeGreaterThanOrEqual(400);
        expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
        expect(await response.text()).not.toMatch(/graphiql|playground|sandbox/i);
      },
    );
  });

  // Documents like those that the tests of @escape.tech/graphql-armor reject, and their ways around a limit.
  describe('rejects, as graphql-armor does,', () => {
    const deep = (levels: number) => `${times(levels, 'posts { nodes { author {')} id ${'} } } '.repeat(levels)}`;

    it.each([
      ['too many aliases', `{ ${times(31, (n) => `a${n}: ${ONE_POST} { id }`)} }`],
      ['aliases of __typename', `{ ${ONE_POST} { ${times(31, (n) => `a${n}: __typename`)} } }`],
      [
        'aliases of fragments',
        `{ ${ONE_POST} { ...F ...G } } fragment F on Post { ${times(16, (n) => `f${n}: title`)} }
         fragment G on Post { ${times(16, (n) => `g${n}: title`)} }`,
      ],
      ['aliases in an operation named __schema', `query __schema { ${times(31, (n) => `a${n}: ${ONE_POST} { id }`)} }`],
      [
        'aliases in a fragment named __schema',
        `{ ...__schema } fragment __schema on Query { ${times(31, (n) => `a${n}: ${ONE_POST} { id }`)} }`,
      ],
      ['aliases in a mutation', `mutation { logout { ${times(31, (n) => `a${n}: loggedOut`)} } }`],
      ['aliases in another operation', `query A { __typename } query B { ${times(31, (n) => `b${n}: __typename`)} }`],
      [
        'aliases in a fragment that is not used',
        `{ __typename } fragment F on Query { ${times(31, (n) => `a${n}: __typename`)} }`,
      ],
      ['aliases that are skipped', `{ ${times(31, (n) => `a${n}: __typename @skip(if: true)`)} }`],
      ['fragments that spread each other', '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'],
      ['a fragment that spreads itself', '{ ...A } fragment A on Query { ...A __typename }'],
      ['too many directives', `{ __typename ${times(31, '@include(if: true)')} }`],
      [
        'directives of fragments',
        `{ ...A ...B } fragment A on Query { __typename ${times(16, '@skip(if: false)')} }
         fragment B on Query { __typename ${times(16, '@include(if: true)')} }`,
      ],
      ['directives of inline fragments', `{ ${times(31, '... @include(if: true) { __typename }')} }`],
      ['directives of variables', `query (${times(31, (n) => `$v${n}: Int @aa`)}) { __typename }`],
      ['too many levels, of fields that do not exist', `{ ${deep(6)} }`],
      ['levels in a fragment named __schema', `{ ...__schema } fragment __schema on Query { ${deep(6)} }`],
      ['too many tokens', `{ ${times(1001, '__typename')} }`],
      ['tokens of arguments', `{ posts(filter: { ${times(1000, 'status: DRAFT')} }) { totalCount } }`],
      ['too many characters', `{ __typename } #${'x'.repeat(100_000)}`],
      [
        'a cost that is hidden in a fragment',
        `{ ...F } fragment F on Query { ${times(20, (n) => `a${n}: posts(first: 100) { nodes { title body } }`)} }`,
      ],
      ['introspection in a fragment', '{ ...F } fragment F on Query { __schema { queryType { name } } }'],
      ['introspection of one type, by an alias', '{ a: __type(name: "Post") { name } }'],
      ['the introspection query of clients', getIntrospectionQuery()],
    ])('%s', async (_what, document) => {
      await expectRejection(document);
    });

    it.each(['{}', '{ a: 1 }', '[]', '[[1]]', '[{}]', '"x"', 'true', 'FIRST', '1.5', '1e400', '-1', '99999999999'])(
      'arguments of another type, before anything is computed from them: %s',
      async (value) => {
        const documents = [
          `{ posts(first: ${value}) { totalCount } }`,
          `{ posts(last: ${value}) { nodes { title } } }`,
          `{ me { securityEvents(first: ${value}) { totalCount } } }`,
          `{ posts(first: 1, filter: [${value}]) { totalCount } }`,
          `{ posts(first: 1, filter: { search: { a: ${value} } }) { totalCount } }`,
          `query ($n: Int = ${value}) { posts(first: $n) { totalCount } }`,
        ];
        for (const document of documents) {
          const { status, errors } = await tandem.send(document, {}, { token });
          expect([status, errors?.[0]?.extensions['recovery']]).toEqual([400, 'FIX_INPUT']);
        }
      },
    );

    it.each([
      ['{ post { id } }', {}],
      ['{ pots { totalCount } }', {}],
      ['{ posts(fist: 1) { totalCount } }', {}],
      ['mutation { logon(input: {}) { authToken } }', {}],
      ['query ($f: PostFilte) { posts(filter: $f) { totalCount } }', {}],
      ['query ($f: PostFilter) { posts(filter: $f) { totalCount } }', { f: { statu: 'DRAFT' } }],
      ['query ($f: PostFilter) { posts(filter: $f) { totalCount } }', { f: { status: 'DRAF' } }],
    ])('suggestions of names: %s', async (document, variables) => {
      await expectRejection(document, variables);
    });
  });
});
