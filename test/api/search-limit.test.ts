import { openDatabase } from '../../src/database/client.js';
import { refusal, startTandem, type Tandem } from '../support/harness.js';
import { authorOn, type Author } from '../support/posting.js';

describe('an operation with several searches', () => {
  let tandem: Tandem;
  let ada: Author;
  let statements: string[];
  beforeAll(async () => {
    statements = [];
    tandem = await startTandem({}, (options) =>
      openDatabase({ ...options, onStatement: (statement) => statements.push(statement) }),
    );
    ada = await authorOn(tandem);
  });
  afterAll(() => tandem.close());

  const COUNT = '{ totalCount }';

  it.each<[string, string, object]>([
    ['under aliases', `{ a: posts(filter: { search: "x" }) ${COUNT} b: posts(filter: { search: "y" }) ${COUNT} }`, {}],
    [
      'under 30 aliases',
      `{ ${Array.from({ length: 30 }, (_, n) => `a${n}: posts(filter: { search: "x" }) ${COUNT}`).join(' ')} }`,
      {},
    ],
    [
      'in fragments',
      `{ ...A ...B } fragment A on Query { a: posts(filter: { search: "x" }) ${COUNT} }
       fragment B on Query { ... { b: posts(filter: { search: "x" }) ${COUNT} } }`,
      {},
    ],
    [
      'in variables for the filter',
      `query ($f: PostFilter) { a: posts(filter: $f) ${COUNT} b: posts(filter: $f) ${COUNT} }`,
      { f: { search: 'x' } },
    ],
    [
      'in variables for the text',
      `query ($s: String) { a: posts(filter: { search: $s }) ${COUNT} b: posts(filter: { search: $s }) ${COUNT} }`,
      { s: 'x' },
    ],
    [
      'in the default of a variable',
      `query ($f: PostFilter = { search: "x" }) { a: posts(filter: $f) ${COUNT} b: posts(filter: $f) ${COUNT} }`,
      {},
    ],
    [
      'one of which is skipped',
      `{ a: posts(filter: { search: "x" }) ${COUNT} b: posts(filter: { search: "x" }) @skip(if: true) ${COUNT} }`,
      {},
    ],
  ])('is rejected before it executes, with searches %s', async (_where, query, variables) => {
    statements.length = 0;
    const reply = await ada.send(query, variables);
    expect(refusal(reply)).toEqual({
      status: 400,
      code: 'BAD_USER_INPUT',
      reason: 'OPERATION_TOO_LARGE',
      recovery: 'FIX_INPUT',
    });
    expect(reply.errors?.[0]?.extensions['limit']).toMatchObject({ name: 'SEARCHES', maximum: 1 });
    expect(reply.data).toBeUndefined();
    expect(statements.filter((statement) => statement.includes('"Post"'))).toEqual([]);
  });

  it('is executed if the server allows so many searches', async () => {
    const query = `{ a: posts(filter: { search: "x" }) ${COUNT} b: posts(filter: { search: "y" }) ${COUNT} }`;
    const generous = await tandem.startInstance({ OPERATION_SEARCHES: '2' });
    const reply = await generous.send(query, {}, { token: (await generous.login()).authToken });
    expect(reply.errors).toBeUndefined();
  });

  it.each<[string, string, object]>([
    [
      'its other lists search nothing',
      `query ($f: PostFilter, $s: String = "x") {
        a: posts(filter: { search: "x" }) ${COUNT} b: posts(filter: { search: null }) ${COUNT}
        c: posts(filter: { search: " " }) ${COUNT} d: posts(filter: $f) ${COUNT}
        e: posts(filter: { search: $s }) ${COUNT} f: posts ${COUNT} }`,
      { f: null, s: null },
    ],
    [
      'fragments select the same list',
      `{ ...A ...B } fragment A on Query { posts(filter: { search: "x" }) ${COUNT} }
       fragment B on Query { posts(filter: { search: "x" }) { nodes { id } } }`,
      {},
    ],
  ])('is executed if %s', async (_why, query, variables) => {
    expect((await ada.send(query, variables)).errors).toBeUndefined();
  });
});
