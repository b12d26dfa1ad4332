import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { Client, fetchExchange } from '@urql/core';
import { parse, print } from 'graphql';
import { GraphQLClient } from 'graphql-request';
import ts from 'typescript';
import { createTandemClient, memoryTokenStore, type TokenStore } from '../../client/src/index.js';
import { PASSWORD, startTandem, type Tandem } from '../support/harness.js';
import { makeScratch } from '../support/scratch.js';
import type { FrontEnd, TypedFrontEnd } from './front-end.js';
import { wire, type Wire } from './wire.js';

const SOURCE = resolve('test/client/typed-front-end.ts');
const HOUR_AND_A_SECOND = 3601;
/** The generator and the first compilation take seconds, and much longer on a busy machine. */
const PATIENCE_MS = 120_000;

/** Parsed once, because nearly all files are the same in all compilations. */
const libraries = new Map<string, ts.SourceFile | undefined>();

beforeAll(() => {
  codegen('.');
}, PATIENCE_MS);

/** Runs the generator as a newcomer types it: without arguments. */
function codegen(directory: string): void {
  const program = resolve('node_modules/@graphql-codegen/cli/cjs/bin.js');
  execFileSync(process.execPath, [program], { cwd: directory, stdio: 'pipe' });
}

describe('typed documents', () => {
  it(
    'compile in a front-end',
    () => {
      expect(typeErrors()).toEqual([]);
    },
    PATIENCE_MS,
  );

  it.each([
    ['a field that the operation does not select', 'node.title', 'node.headline'],
    ['a variable that the operation does not have', '{ first }', '{ frist: first }'],
    ['a variable of the wrong type', '{ first }', "{ first: 'three' }"],
    ['input without what it requires', '{ email, password }', '{ email }'],
  ])('cause a type error for %s in all clients', (_case, right, wrong) => {
    expect(typeErrors(right, wrong)).toHaveLength(3);
  });

  it.each([
    ['a code that does not exist', "=== 'RATE_LIMITED'", "=== 'RATE_LIMIT'"],
    ['a reason of a field that does not exist', "reason !== 'WRONG_PASSWORD'", "reason !== 'WRONG_PASSWORT'"],
    ['a recovery that is not handled', "case 'NONE':", ''],
    ['an operation without a key in the map', "'with-key'", "'keyed'"],
    ['a message where a path belongs', 'path.join()', 'message.join()'],
  ])('cause a type error for %s', (_case, right, wrong) => {
    expect(typeErrors(right, wrong)).not.toEqual([]);
  });

  it('need no cast, no comparison of messages and no enum in a front-end', () => {
    const source = readFileSync(SOURCE, 'utf8');
    expect(source).not.toMatch(/\bas (?!const)|\bany\b|message\)? *[!=]==|\benum\b|!\.|@ts-/);
  });

  it(
    'contain the enums of errors if no operation selects them, with the default settings',
    () => {
      const scratch = makeScratch();
      const directory = scratch.path;
      const config = {
        schema: resolve('schema.graphql'),
        documents: 'app.graphql',
        generates: { 'gql/': { preset: 'client' } },
      };
      writeFileSync(join(directory, 'codegen.json'), JSON.stringify(config));
      symlinkSync(resolve('node_modules'), join(directory, 'node_modules'));
      const { definitions } = parse(readFileSync('docs/operations.graphql', 'utf8'));
      const copied = definitions.filter((node) => 'name' in node && node.name?.value === 'ErrorDetails').map(print);
      writeFileSync(join(directory, 'app.graphql'), `query Titles { posts { nodes { title } } }\n${copied.join()}`);
      codegen(directory);
      const text = readFileSync(join(directory, 'gql/graphql.ts'), 'utf8');
      const enums = ['ErrorCode', 'ErrorReason', 'Recovery', 'FieldErrorReason', 'OperationLimit'];
      scratch.remove();
      expect(enums.filter((name) => !text.includes(`export type ${name} =`))).toEqual([]);
    },
    PATIENCE_MS,
  );

  it('type dates as strings', () => {
    expect(readFileSync('generated/graphql.ts', 'utf8')).toContain('authTokenExpiresAt: string');
  });
});

describe.each(['Apollo Client', 'urql', 'graphql-request'])('a typed front-end on %s', (library) => {
  let tandem: Tandem;
  let frontEnd: FrontEnd;
  let tokens: TokenStore;
  let network: Wire;
  let logouts: number;

  beforeEach(async () => {
    tandem = await startTandem();
    const path = SOURCE; // not a literal, or the compiler would ask for generated files
    const { apolloFrontEnd, urqlFrontEnd, requestFrontEnd } = (await import(path)) as TypedFrontEnd;
    tokens = memoryTokenStore();
    network = wire();
    logouts = 0;
    const url = `${tandem.url}/graphql`;
    const session = createTandemClient({ url, store: tokens, fetch: network.fetch });
    session.on('signedOut', () => (logouts += 1));
    const frontEnds: Record<string, () => FrontEnd> = {
      'Apollo Client': () => apolloFrontEnd(apolloClient(url, session.fetch)),
      urql: () => urqlFrontEnd(urqlClient(url, session.fetch)),
      'graphql-request': () => requestFrontEnd(new GraphQLClient(url, { fetch: session.fetch })),
    };
    frontEnd = frontEnds[library]?.() as FrontEnd;
    const { email } = await tandem.person('ada');
    await session.signIn(await frontEnd.login(email, PASSWORD));
  });
  afterEach(() => tandem.close());

  const reads = () => [
    frontEnd.titles(1),
    frontEnd.titles(2),
    frontEnd.titles(3),
    frontEnd.email(),
    frontEnd.titles(4),
  ];

  it('reads as the account that logged in', async () => {
    await expect(frontEnd.email()).resolves.toBe('ada@example.com');
    await expect(frontEnd.titles(3)).resolves.toEqual([]);
  });

  it('names the fields of a form that are not valid', async () => {
    const path = SOURCE;
    const { formErrors } = (await import(path)) as TypedFrontEnd;
    const rejected: unknown = await frontEnd.login('x'.repeat(300), PASSWORD).catch((error: unknown) => error);
    expect(formErrors(rejected)).toEqual(['input,email', 'show']);
  });

  it('refreshes once for all requests in flight and repeats them', async () => {
    const first = await tokens.read();
    tandem.clock.advance(HOUR_AND_A_SECOND);

    await expect(Promise.all(reads())).resolves.toEqual([[], [], [], 'ada@example.com', []]);

    expect(network.count('Refresh')).toBe(1);
    const next = await tokens.read();
    expect(next).not.toEqual(first);
    await frontEnd.titles(5);
    expect(network.sent.at(-1)).toMatchObject({ operationName: 'Posts', authorization: `Bearer ${next?.authToken}` });
    expect(network.count('Refresh')).toBe(1);
    expect(logouts).toBe(0);
  });

  it('keeps working for many hours', async () => {
    for (let hour = 1; hour <= 3; hour += 1) {
      tandem.clock.advance(HOUR_AND_A_SECOND);
      await Promise.all(reads());
      expect(network.count('Refresh')).toBe(hour);
    }
  });

  it('is notified once when its session was revoked', async () => {
    await tandem.send(
      'mutation { logout(input: { everywhere: true }) { loggedOut } }',
      {},
      { token: (await tokens.read())?.authToken },
    );

    const answers = await Promise.allSettled(reads());

    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
    expect(logouts).toBe(1);
    await expect(tokens.read()).resolves.toBeUndefined();
    expect(network.count('Refresh')).toBe(0);
  });

  it('is notified once when the refresh finds the session expired', async () => {
    tandem.clock.advance(31 * 86_400);

    const answers = await Promise.allSettled(reads());

    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
    expect(logouts).toBe(1);
    await expect(tokens.read()).resolves.toBeUndefined();
    expect(network.count('Refresh')).toBe(1);
  });
});

describe('the forms of a typed front-end', () => {
  let tandem: Tandem;
  let forms: ReturnType<TypedFrontEnd['forms']>;
  let passwordHint: (password: string) => ReturnType<TypedFrontEnd['passwordHint']>;
  const email = 'ada@example.com';
  beforeAll(async () => {
    tandem = await startTandem({}, undefined, undefined, 'zxcvbn');
    const path = SOURCE;
    const module = (await import(path)) as TypedFrontEnd;
    const url = `${tandem.url}/graphql`;
    const session = createTandemClient({ url, store: memoryTokenStore() });
    const client = apolloClient(url, session.fetch);
    forms = module.forms(client);
    passwordHint = (password) => module.passwordHint(client, { password });
    await tandem.person('ada');
    const { saved } = await submit('login', { email, password: PASSWORD });
    await session.signIn(saved.login);
  });
  afterAll(() => tandem.close());

  const submit = async (name: string, input: object = {}) => {
    const form = forms[name];
    if (!form) throw new Error(`There is no form ${name}.`);
    return form(input);
  };

  it('exist for every mutation of the sample operations', () => {
    const { definitions } = parse(readFileSync('docs/operations.graphql', 'utf8'));
    const mutations = definitions.filter((node) => 'operation' in node && node.operation === 'mutation').length;
    expect(Object.keys(forms)).toHaveLength(mutations);
  });

  it('save what is valid', async () => {
    const { saved } = await submit('createPost', { title: 'A form', body: '' });
    const { id } = saved.createPost.post;
    expect((await submit('updatePost', { id, title: 'Changed' })).saved.updatePost.post.title).toBe('Changed');
    expect((await submit('publishPost', { id })).saved.publishPost.post.status).toBe('PUBLISHED');
    expect((await submit('unpublishPost', { id })).saved.unpublishPost.post.status).toBe('DRAFT');
    expect((await submit('deletePost', { id })).saved.deletePost.deletedPostId).toBe(id);
    const other = await submit('login', { email, password: PASSWORD });
    const { refreshToken, session } = other.saved.login;
    expect((await submit('refresh', { refreshToken })).saved.refreshToken.session).toEqual(session);
    expect((await submit('revokeSession', { sessionId: session.id })).saved.revokeSession).toBeTruthy();
    expect((await submit('revokeOtherSessions')).saved.revokeOtherSessions.revokedCount).toBe(0);
  });

  it('show all problems below their fields', async () => {
    const create = await submit('createPost', { title: ' ', body: 'x'.repeat(50_001) });
    expect(create).toEqual({ problems: { title: expect.any(String), body: expect.any(String) } });
    const signUp = await submit('signUp', { email: 'no address', password: PASSWORD, displayName: ' ' });
    expect(Object.keys(signUp.problems).sort()).toEqual(['displayName', 'email']);
    const change = await submit('changePassword', { currentPassword: 'wrong', newPassword: 'short' });
    expect(Object.keys(change.problems).sort()).toEqual(['currentPassword', 'newPassword']);
  });

  it('show how hard a new password is to guess', async () => {
    expect(await passwordHint('seven otters in a teapot')).toEqual({ bars: 4, text: undefined });
    expect(await passwordHint('password1234567')).toEqual({ bars: 1, text: expect.any(String) });
  });

  it('say what to do about other errors', async () => {
    expect(await submit('login', { email, password: 'wrong' })).toEqual({ problems: {}, notice: 'show' });
    expect(await submit('deletePost', { id: 'none' })).toEqual({ problems: {}, notice: 'show' });
    expect(await submit('refresh', { refreshToken: 'none' })).toEqual({ problems: {}, notice: 'log in' });
  });
});

function apolloClient(uri: string, fetch: typeof globalThis.fetch): ApolloClient {
  return new ApolloClient({ link: new HttpLink({ uri, fetch }), cache: new InMemoryCache() });
}

function urqlClient(url: string, fetch: typeof globalThis.fetch): Client {
  return new Client({ url, fetch, preferGetMethod: false, exchanges: [fetchExchange] });
}

/** Replaces a part of the front-end's source, compiles it strictly, and returns the errors. */
function typeErrors(right = 'node.title', wrong = right): string[] {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile) as { config: object };
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [SOURCE] }, ts.sys, '.');
  const host = ts.createCompilerHost(options);
  const { readFile, getSourceFile } = host;
  host.readFile = (path) => (path === SOURCE ? readFile(path)?.replaceAll(right, wrong) : readFile(path));
  host.getSourceFile = (path, ...rest) => {
    if (path === SOURCE || !libraries.has(path)) libraries.set(path, getSourceFile(path, ...rest));
    return libraries.get(path);
  };
  const program = ts.createProgram([SOURCE], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
