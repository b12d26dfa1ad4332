import { refusal, LOGIN, PASSWORD, startTandem, type GraphQLReply, type Tandem } from '../support/harness.js';
import { authorOn, change, type Author } from '../support/posting.js';

const FIX_INPUT = { status: 400, code: 'BAD_USER_INPUT', reason: null, recovery: 'FIX_INPUT' };
const LIST = `query ($first: Int, $last: Int, $after: String, $filter: PostFilter) {
  posts(first: $first, last: $last, after: $after, filter: $filter) { totalCount }
}`;

/** The problems of an error as `path reason`. */
function problemsOf({ errors }: GraphQLReply): string[] {
  expect(errors).toHaveLength(1);
  const fields = (errors?.[0]?.extensions['fields'] ?? []) as { path: string[]; reason: string; message: string }[];
  for (const { message } of fields) expect(message).toMatch(/^[A-Z].*\.$/);
  return fields.map(({ path, reason }) => `${path.join('.')} ${reason}`).sort();
}

describe('an error about input', () => {
  let tandem: Tandem;
  let ada: Author;
  beforeAll(async () => {
    tandem = await startTandem();
    ada = await authorOn(tandem);
  });
  afterAll(() => tandem.close());

  it.each<[string, [string, object], string[]]>([
    [
      'rules of an input',
      change('createPost', { title: ' ', body: 'x'.repeat(50_001) }),
      ['input.body TOO_LONG', 'input.title BLANK'],
    ],
    [
      'several rules of one field',
      change('updatePost', { id: 'x', title: 'a\0'.repeat(101) }),
      ['input.title INVALID_CHARACTER', 'input.title TOO_LONG'],
    ],
    [
      'rules of a key',
      refresh({ refreshToken: 'x', idempotencyKey: 'short' }),
      ['input.idempotencyKey INVALID_FORMAT'],
    ],
    ['rules of a filter', [LIST, { filter: { search: 'x'.repeat(101) } }], ['filter.search TOO_LONG']],
    [
      'arguments of a list',
      [LIST, { first: 0, last: 101, after: 'x' }],
      [
        'after INVALID_CURSOR',
        'first MUTUALLY_EXCLUSIVE',
        'first OUT_OF_RANGE',
        'last MUTUALLY_EXCLUSIVE',
        'last OUT_OF_RANGE',
      ],
    ],
    [
      'missing and null fields',
      [LOGIN, { input: { password: null } }],
      ['input.email REQUIRED', 'input.password REQUIRED'],
    ],
    ['a missing variable', [LOGIN, {}], ['input REQUIRED']],
    ['a variable that is null', [LOGIN, { input: null }], ['input REQUIRED']],
    [
      'types',
      [LOGIN, { input: { email: 1, password: ['x'], deviceName: {} } }],
      ['input.deviceName WRONG_TYPE', 'input.email WRONG_TYPE', 'input.password WRONG_TYPE'],
    ],
    ['an input that is no object', [LOGIN, { input: 'x' }], ['input WRONG_TYPE']],
    [
      'a field that does not exist',
      [LOGIN, { input: { email: 'a', password: 'b', passwort: 'c' } }],
      ['input UNKNOWN_FIELD'],
    ],
    [
      'numbers and enum values',
      [LIST, { first: 'x', filter: { status: 'HIDDEN' } }],
      ['filter.status WRONG_TYPE', 'first WRONG_TYPE'],
    ],
  ])('names all problems: %s', async (_what, [query, variables], problems) => {
    const reply = await ada.send(query, variables);
    expect(refusal(reply)).toEqual(FIX_INPUT);
    expect(problemsOf(reply)).toEqual(problems);
  });

  it('names arguments, however the variables are called and wherever they are', async () => {
    const query = `mutation Other($word: String!) { login(input: { email: $word, password: "x" }) { tokenType } }
      mutation Save($name: String!, $text: String!, $now: Boolean) { ...Create }
      fragment Create on Mutation { createPost(input: { title: $name, body: $text, publish: $now }) { post { id } } }`;
    const body = JSON.stringify({ query, operationName: 'Save', variables: { name: 1, now: 'x' } });
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${(await tandem.login()).authToken}` };
    const response = await fetch(`${tandem.url}/graphql`, { method: 'POST', headers, body });
    const { errors } = (await response.json()) as Pick<GraphQLReply, 'errors'>;
    expect(problemsOf({ errors } as GraphQLReply)).toEqual([
      'input.body REQUIRED',
      'input.publish WRONG_TYPE',
      'input.title WRONG_TYPE',
    ]);
  });

  it('names the argument of a variable that is null where a default would apply', async () => {
    const reply = await ada.send('query ($id: ID = "x") { post(id: $id) { id } }', { id: null });
    expect(refusal(reply)).toEqual({ ...FIX_INPUT, status: 200 }); // with data
    expect(problemsOf(reply)).toEqual(['id REQUIRED']);
  });

  it('names each problem once, however many variables have it', async () => {
    const names = Array.from({ length: 25 }, (_, index) => `v${index}`);
    const fields = names.map((name) => `${name}: posts(first: $${name}) { totalCount }`);
    const query = `query (${names.map((name) => `$${name}: Int!`).join()}, $last: Int!) {
      ${fields.join(' ')} posts(last: $last) { totalCount }
    }`;
    const reply = await ada.send(
      query,
      Object.fromEntries(names.map((name, index) => [name, index === 0 ? null : 'x'])),
    );
    expect(problemsOf(reply)).toEqual(['first REQUIRED', 'first WRONG_TYPE', 'last REQUIRED']);
  });

  it('names at most 20 problems', async () => {
    const types = {
      ...{ first: 'Int', last: 'Int', after: 'String', before: 'String', filter: 'PostFilter', orderBy: 'PostOrder' },
      ...{
        authorId: 'ID',
        status: 'PostStatus',
        search: 'String',
        direction: 'OrderDirection',
        field: 'PostOrderField',
      },
    };
    const list = (name: string) => `${name}List: posts(
        first: $first${name}, last: $last${name}, after: $after${name}, before: $before${name},
        filter: $filter${name}, orderBy: $orderBy${name}
      ) { totalCount }`;
    const nested = (name: string, filter: string) => `${name}Nested: posts(
        filter: { authorId: $authorId${name}, status: $status${name}${filter} },
        orderBy: { direction: $direction${name}, field: $field${name} }
      ) { totalCount }`;
    const variables = Object.entries(types).flatMap(([name, type]) => [
      `$${name}Missing: ${type}!`,
      ...(name === 'search' ? [] : [`$${name}Wrong: ${type}!`]),
    ]);
    const query = `query (${variables.join()}) {
      ${list('Missing')} ${nested('Missing', ', search: $searchMissing')} ${list('Wrong')} ${nested('Wrong', '')}
    }`;
    const wrong = Object.fromEntries(Object.keys(types).map((name) => [`${name}Wrong`, true]));
    expect(variables).toHaveLength(21);
    const reply = await ada.send(query, wrong);
    expect(new Set(problemsOf(reply)).size).toBe(20);
  });

  describe('of changePassword', () => {
    const CHANGE = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { tokenType } }';
    const problems = async (currentPassword: string, newPassword: string) => {
      const reply = await ada.send(CHANGE, { input: { currentPassword, newPassword } });
      return { ...(refusal(reply) as object), problems: problemsOf(reply) };
    };
    const WRONG = { ...FIX_INPUT, code: 'INVALID_CREDENTIALS', reason: 'WRONG_PASSWORD' };

    it('has a reason of its own for a wrong current password', async () => {
      expect(await problems('x', 'a passphrase that is new')).toEqual({
        ...WRONG,
        problems: ['input.currentPassword WRONG_PASSWORD'],
      });
    });

    it('names both passwords if both are wrong', async () => {
      expect(await problems('x', 'short')).toEqual({
        ...WRONG,
        problems: ['input.currentPassword WRONG_PASSWORD', 'input.newPassword TOO_SHORT'],
      });
    });

    it.each([
      ['short', 'TOO_SHORT'],
      [' '.repeat(20), 'BLANK'],
      ['Password 1234567!', 'EASY_TO_GUESS'],
      ['long '.repeat(60), 'TOO_LONG'],
    ])('says why the new password %j is rejected', async (newPassword, reason) => {
      expect(await problems(PASSWORD, newPassword)).toEqual({
        ...FIX_INPUT,
        problems: [`input.newPassword ${reason}`],
      });
    });
  });

  it('has no fields if it is not about fields', async () => {
    const { errors } = await ada.send('mutation { a: revokeOtherSessions { revokedCount } logout { loggedOut } }');
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', reason: null, recovery: 'FIX_INPUT' });
  });
});

function refresh(input: object): [string, object] {
  return ['mutation ($input: RefreshTokenInput!) { refreshToken(input: $input) { tokenType } }', { input }];
}
