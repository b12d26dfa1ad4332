import { parse } from 'graphql';
import { documentBytes } from '../../src/api/document-bytes.js';
import { startTandem, type Tandem } from '../support/harness.js';

const BYTES = 649_000;
const fill = (unit: string, bytes = BYTES) => unit.repeat(Math.floor(bytes / Buffer.byteLength(unit)));
const list = (count: number, item: (index: number) => string) =>
  Array.from({ length: count }, (_, n) => item(n)).join();
const withVariables = (json: string, query = '{ __typename }') =>
  `{"query":${JSON.stringify(query)},"variables":${json}}`;
const document = (query: string) => JSON.stringify({ query });

describe('a hostile body of up to 650,000 bytes', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem()));
  afterAll(() => tandem.close());

  async function outcomeOf(body: string): Promise<unknown> {
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(650_000);
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${tandem.url}/graphql`, { method: 'POST', headers, body });
    const text = await response.text();
    expect((await fetch(`${tandem.url}/healthz`)).status).toBe(200);
    expect(text.length).toBeLessThan(10_000);
    const { data, errors } = JSON.parse(text);
    if (response.status === 200) return data;
    expect(data).toBeUndefined();
    return [response.status, errors[0].extensions.code];
  }

  it.each<[string, string]>([
    ['a long string', withVariables(`{"x":"${fill('x')}"}`)],
    ['a string of Chinese characters', withVariables(`{"x":"${fill('中')}"}`)],
    ['a string of escapes', withVariables(`{"x":"${fill('\\u4e2d')}"}`)],
    ['a string of surrogate pairs', withVariables(`{"x":"${fill('\\uD83d\\uDe00')}"}`)],
    ['backslashes before a surrogate pair', withVariables(`{"x":"${fill('\\\\')}\\ud83d\\ude00"}`)],
    ['an escaped backslash before what looks like half a pair', withVariables('{"x":"\\\\ud83d \\ud83d\\ude00"}')],
    ['a string of quotes and brackets', withVariables(`{"x":"${fill('\\"[{,:')}"}`)],
    ['a long number', withVariables(`{"x":${fill('9')}}`)],
    ['9,000 lists in each other', withVariables(`{"x":${'['.repeat(9000)}${']'.repeat(9000)}}`)],
    [
      '4,500 lists beside a poisoned key',
      `{"__proto__":{"x":1},${withVariables(`{"x":[${list(4500, () => '[]')}]}`).slice(1)}`,
    ],
    ['the same key 4,000 times', withVariables(`{${list(4000, () => '"x":1')}}`)],
    ['the query twice', '{"query":"{ unknown }","query":"{ __typename }"}'],
    ['white space', `${fill(' ')}${document('{ __typename }')}`],
    ['a document with comments of 99,000 characters', document(`${fill('#\n', 99_000)}{ __typename }`)],
    ['a document with white space of 99,000 characters', document(`${fill(' ', 99_000)}{ __typename }`)],
  ])('is served if it has %s', async (_what, body) => {
    expect(await outcomeOf(body)).toEqual({ __typename: 'Query' });
  });

  it.each<[string, string, number, string]>([
    ['lists in lists', withVariables(`{"x":${'['.repeat(320_000)}${']'.repeat(320_000)}}`), 400, 'BAD_USER_INPUT'],
    ['objects in objects', withVariables(`${'{"":'.repeat(120_000)}1${'}'.repeat(120_000)}`), 400, 'BAD_USER_INPUT'],
    ['many lists', withVariables(`{"x":[${list(200_000, () => '[]')}]}`), 400, 'BAD_USER_INPUT'],
    ['many numbers', withVariables(`{"x":[${list(150_000, () => '1.5')}]}`), 400, 'BAD_USER_INPUT'],
    ['many keys', withVariables(`{${list(60_000, (n) => `"${n.toString(36)}":1`)}}`), 400, 'BAD_USER_INPUT'],
    [
      'many values after a string with a quote',
      withVariables(`{"x":"\\"","y":[${list(20_000, () => '1')}]}`),
      400,
      'BAD_USER_INPUT',
    ],
    ['many queries', `{${list(40_000, () => '"query":"{a}"')}}`, 400, 'BAD_USER_INPUT'],
    ['a batch', `[${list(20_000, () => '{"query":"{a}"}')}]`, 400, 'BAD_USER_INPUT'],
    ['half a surrogate pair at the end', withVariables(`{"x":"${fill('\\u4e2d')}\\ud83d"}`), 400, 'BAD_USER_INPUT'],
    ['the second half of a pair', withVariables(`{"x":"\\ud83d\\ude00\\ude00"}`), 400, 'BAD_USER_INPUT'],
    [
      'half a pair in a deeply nested list',
      withVariables(`{"x":${'['.repeat(4000)}"\\ud83d"${']'.repeat(4000)}}`),
      400,
      'BAD_USER_INPUT',
    ],
    ['half a pair in a key', withVariables(`{"\\ud83d":1}`), 400, 'BAD_USER_INPUT'],
    ['broken JSON', `{"query":"${fill('x')}`, 400, 'BAD_REQUEST'],
    ['a document of comments', document(`${fill('#\n', 400_000)}{ __typename }`), 400, 'GRAPHQL_PARSE_FAILED'],
    ['a document with a long name', document(`{ ${fill('x')} }`), 400, 'GRAPHQL_PARSE_FAILED'],
    [
      'a document with a name of 98,000 characters',
      document(`{ ${fill('x', 98_000)} }`),
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['a document of aliases', document(`{ ${fill('a:b ', 99_000)} }`), 400, 'GRAPHQL_PARSE_FAILED'],
    [
      'an operation with a long name',
      withVariables(`{},"operationName":"${fill('x')}"`),
      400,
      'OPERATION_RESOLUTION_FAILURE',
    ],
  ])('is rejected in a short response if it has %s', async (_what, body, status, code) => {
    expect(await outcomeOf(body)).toEqual([status, code]);
  });

  it('may create a post of 50,000 Chinese characters, each written as an escape', async () => {
    const { authToken } = await tandem.login();
    const query = 'mutation ($input: CreatePostInput!) { createPost(input: $input) { post { title body } } }';
    const body = withVariables(
      `{"input":{"title":"${fill('\\u4e2d', 1200)}","body":"${fill('\\u4e2d', 300_000)}"}}`,
      query,
    );
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${authToken}` };
    const response = await fetch(`${tandem.url}/graphql`, { method: 'POST', headers, body });
    const { data } = (await response.json()) as { data: unknown };
    expect(data).toEqual({ createPost: { post: { title: '中'.repeat(200), body: '中'.repeat(50_000) } } });
  });

  it('takes no memory of the cache of documents that is not counted', () => {
    expect(documentBytes(parse(`${fill('#\n', 90_000)}{ __typename }`))).toBeGreaterThan(4_500_000);
    expect(documentBytes(parse('{ __typename }'))).toBeLessThan(5000);
  });
});
