import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';
import { Kind, parse, print, visit, type NameNode, type OperationDefinitionNode } from 'graphql';
import ts from 'typescript';
import { startTandem, type Tandem } from '../support/harness.js';
import { makeScratch, type Scratch } from '../support/scratch.js';
import type { RelayFrontEnd } from './relay.js';

/** Relay's compiler and TypeScript take seconds, and much longer on a busy machine. */
const PATIENCE_MS = 120_000;
/** What the sample operations do not contain: Relay's directives, and fields that fragments do not mask. */
const OF_RELAY = `
  fragment Front_account on Account @refetchable(queryName: "FrontAccountRefetchQuery") { id displayName }
  fragment Front_post on Post @refetchable(queryName: "FrontPostRefetchQuery") { id title }
  fragment Front_posts on Query
  @refetchable(queryName: "FrontPostsPaginationQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }, orderBy: { type: "PostOrder" }) {
    posts(first: $first, after: $after, orderBy: $orderBy) @connection(key: "Front_posts_posts", filters: ["orderBy"]) {
      edges { node { id title } }
    }
  }
  fragment Front_events on Account
  @refetchable(queryName: "FrontEventsPaginationQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
    securityEvents(first: $first, after: $after) @connection(key: "Front_events_securityEvents") { edges { node { id } } }
  }
  query FrontViewerQuery { me { id } }
  mutation FrontCreateMutation($post: CreatePostInput!) { createPost(input: $post) { post { id } } }
  query FrontPagesQuery { ...Front_posts me { ...Front_account ...Front_events } }
`;

/** The sample operations with the names that Relay requires: the name of the module, and the kind of the operation. */
function sampleOperations(): string {
  const named = <Node extends { name?: NameNode }>(node: Node, name: (own: string) => string): Node =>
    node.name ? { ...node, name: { ...node.name, value: name(node.name.value) } } : node;
  const suffix = ({ operation }: OperationDefinitionNode) => (operation === 'query' ? 'Query' : 'Mutation');
  const document = visit(parse(readFileSync('docs/operations.graphql', 'utf8')), {
    [Kind.OPERATION_DEFINITION]: (node) => named(node, (own) => `Front${own}${suffix(node)}`),
    [Kind.FRAGMENT_DEFINITION]: (node) => named(node, (own) => `Front_${own}`),
    [Kind.FRAGMENT_SPREAD]: (node) => named(node, (own) => `Front_${own}`),
  });
  return print(document);
}

describe('a front-end on Relay', () => {
  let scratch: Scratch;
  let tandem: Tandem;
  beforeAll(async () => {
    scratch = makeScratch();
    mkdirSync(join(scratch.path, 'src'));
    symlinkSync(resolve('node_modules'), join(scratch.path, 'node_modules'));
    copyFileSync('schema.graphql', join(scratch.path, 'schema.graphql'));
    for (const name of ['relay-front-end.ts', 'relay.ts'])
      copyFileSync(`test/client/${name}`, join(scratch.path, 'src', name));
    writeFileSync(join(scratch.path, 'package.json'), '{ "type": "module" }');
    const config = {
      src: './src',
      schema: './schema.graphql',
      language: 'typescript',
      eagerEsModules: true,
      customScalarTypes: { DateTime: 'string' },
    };
    writeFileSync(join(scratch.path, 'relay.config.json'), JSON.stringify(config));
    const source =
      "import { graphql } from 'relay-runtime';\n" +
      [sampleOperations(), OF_RELAY]
        .flatMap((text) => parse(text).definitions)
        .map((definition) => `graphql\`${print(definition)}\`;`)
        .join('\n');
    writeFileSync(join(scratch.path, 'src/Front.ts'), source);
    // Fails if Relay's compiler rejects one of the operations.
    execFileSync(process.execPath, [resolve('node_modules/relay-compiler/cli.js')], {
      cwd: scratch.path,
      stdio: 'pipe',
    });
    tandem = await startTandem();
  }, PATIENCE_MS);
  afterAll(async () => {
    await tandem?.close();
    scratch?.remove();
  });

  const source = () => join(scratch.path, 'src/relay-front-end.ts');

  it(
    'compiles with the types that relay-compiler writes',
    () => {
      const options = {
        strict: true,
        skipLibCheck: true,
        noEmit: true,
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.NodeNext,
        lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
        types: [],
      };
      const program = ts.createProgram([source(), join(scratch.path, 'src/Front.ts')], options);
      const errors = ts.getPreEmitDiagnostics(program);
      expect(errors.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
    },
    PATIENCE_MS,
  );

  it('reads, writes and refetches by ID', async () => {
    const outfile = join(scratch.path, 'front-end.cjs');
    await build({ entryPoints: [source()], outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' });
    const { relayFrontEnd } = (await import(outfile)) as {
      relayFrontEnd: (url: string, authToken: string) => RelayFrontEnd;
    };
    const person = await tandem.person('ada');
    const { authToken } = await tandem.login(person);
    const frontEnd = relayFrontEnd(`${tandem.url}/graphql`, authToken);

    expect(await frontEnd.me()).toBe(person.id);
    const ids = [await frontEnd.createPost('One'), await frontEnd.createPost('Two')];
    expect(await frontEnd.posts(5)).toEqual(['One by ada', 'Two by ada']);
    expect(await frontEnd.refetchesAccount(person.id)).toBe(true);
    for (const id of ids) expect(await frontEnd.refetchesPost(id)).toBe(true);
    expect(await frontEnd.refetchesPost('none')).toBe(false);
    // The account and the author of the posts are two records, although they have one ID.
    expect(frontEnd.recordsWithId(person.id).sort()).toEqual([`Account:${person.id}`, `User:${person.id}`]);
  });
});
