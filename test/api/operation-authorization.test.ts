import { refusal, startTandem, type Tandem } from '../support/harness.js';
import { PUBLIC_FIELDS, rootFields, type RootField } from '../support/operations.js';

const MISSING = { status: 401, code: 'UNAUTHENTICATED', reason: 'TOKEN_MISSING', recovery: 'LOG_IN' };

const isPublic = ({ name }: RootField) => PUBLIC_FIELDS.includes(name);
const typeOf = ({ kind }: RootField) => (kind === 'query' ? 'Query' : 'Mutation');

describe('operation authorization', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem()));
  afterAll(() => tandem.close());

  const fields = rootFields();

  it('classifies every root field as public or protected', () => {
    expect(
      fields
        .filter(isPublic)
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...PUBLIC_FIELDS].sort());
    expect(fields.length).toBeGreaterThan(PUBLIC_FIELDS.length);
  });

  describe.each(fields.filter((field) => !isPublic(field)))('without a token, $kind $name', (field) => {
    const { kind, selection } = field;
    const type = typeOf(field);

    it.each([
      ['by name', `${kind} { ${selection} }`],
      ['by an alias', `${kind} { tokenStatus: ${selection} }`],
      ['beside __typename', `${kind} { __typename ${selection} }`],
      ['in an inline fragment', `${kind} { ... { ${selection} } }`],
      ['in nested inline fragments', `${kind} { ... on ${type} { ... { ... @include(if: true) { ${selection} } } } }`],
      ['in a fragment', `${kind} { ...F } fragment F on ${type} { ${selection} }`],
      [
        'in nested fragments',
        `fragment A on ${type} { ...B } fragment B on ${type} { ... { ...C } } fragment C on ${type} { ${selection} } ${kind} { ...A }`,
      ],
    ])('is rejected %s', async (_how, query) => {
      expect(refusal(await tandem.send(query))).toEqual(MISSING);
    });

    it('is rejected when @skip or @include would skip it', async () => {
      const skipped = [`@skip(if: true)`, `@include(if: false)`].map((directive) =>
        selection.includes(' {')
          ? selection.replace(/ \{ __typename \}$/, ` ${directive} { __typename }`)
          : `${selection} ${directive}`,
      );
      for (const one of [...skipped, `... @skip(if: true) { ${selection} }`]) {
        expect(refusal(await tandem.send(`${kind} { __typename ${one} }`))).toEqual(MISSING);
      }
    });
  });

  it('rejects the whole operation when it contains a protected field next to public ones', async () => {
    const { refreshToken } = await tandem.login();
    const input = { refreshToken };
    const logout = 'logout(input: $input) { loggedOut }';
    const create = 'createPost(input: { title: "x", body: "x" }) { post { id } }';
    for (const rest of [create, `... { ${create} }`, `p: ${create} q: ${create}`, '...F']) {
      const fragment = rest === '...F' ? `fragment F on Mutation { ${create} }` : '';
      const reply = await tandem.send(`mutation M($input: LogoutInput) { ${logout} ${rest} } ${fragment}`, { input });
      expect(refusal(reply)).toEqual(MISSING);
      expect(Object.keys(JSON.parse(reply.text))).toEqual(['errors']);
    }
    expect((await tandem.refresh(refreshToken)).status).toBe(200);
    const query = await tandem.send('{ tokenStatus { state } posts(first: 1) { nodes { id } } }');
    expect(refusal(query)).toEqual(MISSING);
    expect(Object.keys(JSON.parse(query.text))).toEqual(['errors']);
  });

  it('checks only the requested operation of a document', async () => {
    const query = 'query Open { tokenStatus { state } } query Closed { me { id } }';
    const ask = async (operationName: string) =>
      fetch(`${tandem.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, operationName }),
      });
    expect((await ask('Open')).status).toBe(200);
    expect((await ask('Closed')).status).toBe(401);
    expect((await ask('Open')).status).toBe(200);
  });

  it('accepts the same document with a valid token and rejects it without one', async () => {
    const query = '{ me { id } }';
    const { authToken: token } = await tandem.login();
    for (const [options, status] of [[{}, 401] as const, [{ token }, 200] as const, [{}, 401] as const]) {
      expect((await tandem.send(query, {}, options)).status).toBe(status);
    }
  });
});
