import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getIntrospectionQuery } from 'graphql';
import { createKeyRingFile } from '../../src/keys/key-ring-file.js';
import { startTandem, type Tandem } from '../support/harness.js';

const times = (count: number, text: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ');
const nested = (depth: number, field: string) => `${`${field} { `.repeat(depth)} __typename ${'} '.repeat(depth)}`;

const loggedIn = async (tandem: Tandem) => ({ token: (await tandem.login()).authToken });

describe('the document limits', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem()));
  afterAll(() => tandem.close());

  it.each<[string, string]>([
    ['500 times the same field', `{ ${times(500, () => '__typename')} }`],
    ['3,000 times the same field', `{ ${times(3000, () => '__typename')} }`],
    ['31 aliases', `{ ${times(31, (n) => `a${n}: __typename`)} }`],
    ['31 aliases in a fragment', `{ ...F } fragment F on Query { ${times(31, (n) => `a${n}: __typename`)} }`],
    [
      'fragments that multiply what they hold',
      `{ ...A } fragment A on Query { ${times(20, () => '...B')} } fragment B on Query { ${times(20, () => '__typename')} }`,
    ],
    ['31 directives', `{ ${times(31, () => '__typename @include(if: true)')} }`],
    ['a directive that is not there, ten times', `{ __typename ${times(10, () => '@aa')} }`],
    ['a directive that is not there, many times', `{ __typename ${times(500, () => '@aa')} }`],
    ['fragments that spread each other', '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'],
    ['deep nesting', `{ ${nested(17, '__schema')} }`],
    [
      'deep nesting in a fragment named __schema',
      `{ ...__schema } fragment __schema on Query { ${nested(17, '__schema')} }`,
    ],
    ['a list in 3,000 lists', `{ post(id: ${'['.repeat(3000)}`],
    ['more than 1,000 tokens', `{ ${times(1001, () => '__typename')} }`],
    ['50 unknown fields', `{ ${times(50, (n) => `unknown${n}`)} }`],
  ])('reject before execution: %s', async (_what, document) => {
    const reply = await tandem.send(document);
    expect(reply.status).toBe(400);
    expect(reply.data).toBeUndefined();
    expect(reply.errors?.[0]?.extensions['code']).toMatch(/^GRAPHQL_(PARSE|VALIDATION)_FAILED$/);
    expect(reply.errors?.length).toBeLessThanOrEqual(6);
    expect(reply.text.length).toBeLessThan(10_000);
  });

  it('keep the response short when many variables are invalid', async () => {
    const variables = times(50, (n) => `$v${n}: Int!`);
    const uses = times(25, (n) => `a${n}: posts(first: $v${n}, last: $v${n + 25}) { totalCount }`);
    const reply = await tandem.send(`query (${variables}) { ${uses} }`, {}, await loggedIn(tandem));
    expect([reply.status, reply.errors?.length]).toEqual([400, 6]);
    expect(reply.text.length).toBeLessThan(10_000);
  });

  it('allow the introspection query of GraphQL clients', async () => {
    const introspection = getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true, oneOf: true });
    expect((await tandem.send(introspection)).status).toBe(200);
    expect((await tandem.send(`{ ${times(30, (n) => `a${n}: __typename`)} }`)).status).toBe(200);
  });
});

describe('the server in production', () => {
  let tandem: Tandem;
  const directory = mkdtempSync(join(tmpdir(), 'tandem-'));
  const keyRingPath = join(directory, 'key-ring.json');
  beforeAll(async () => {
    createKeyRingFile(keyRingPath, 'ES256', 0);
    tandem = await startTandem({ NODE_ENV: 'production', KEY_RING_FILE: keyRingPath });
  });
  afterAll(async () => {
    await tandem.close();
    rmSync(directory, { recursive: true });
  });

  it.each([
    '{ __schema { types { name } } }',
    '{ a: __type(name: "Post") { name } }',
    '{ ...F } fragment F on Query { __schema { queryType { name } } }',
  ])('rejects introspection: %s', async (document) => {
    for (const options of [{}, await loggedIn(tandem)]) {
      const reply = await tandem.send(document, {}, options);
      expect([reply.status, reply.data]).toEqual([400, undefined]);
    }
  });

  it.each([
    ['{ post { id } }', {}],
    ['{ pots { totalCount } }', {}],
    ['mutation { logon(input: {}) { authToken } }', {}],
    ['query ($f: PostFilte) { posts(filter: $f) { totalCount } }', {}],
    ['query ($f: PostFilter) { posts(filter: $f) { totalCount } }', { f: { statu: 'DRAFT' } }],
    ['query ($f: PostFilter) { posts(filter: $f) { totalCount } }', { f: { status: 'DRAF' } }],
  ])('suggests no names of the schema in errors: %s', async (document, variables) => {
    const { status, text } = await tandem.send(document, variables, await loggedIn(tandem));
    expect(status).toBe(400);
    expect(text).not.toMatch(/did you mean/i);
  });

  it.each(['/graphql', '/', '/explorer/graphiql'])('serves no page to browsers at %s', async (path) => {
    const response = await fetch(`${tandem.url}${path}`, { headers: { accept: 'text/html' } });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });
});
