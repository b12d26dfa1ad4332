import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  buildSchema,
  introspectionFromSchema,
  buildClientSchema,
  parse,
  print,
  separateOperations,
  type GraphQLSchema,
} from 'graphql';
import { startTandem, type Tandem } from '../support/harness.js';

interface Needs {
  token: boolean;
  scopes: string[][];
  retry: 'always' | 'with-key' | 'never';
}

type Plugin = (schema: GraphQLSchema, documents: { document: ReturnType<typeof parse> }[]) => string;

const SCHEMA = buildSchema(readFileSync('schema.graphql', 'utf8'));
const OPERATIONS = readFileSync('docs/operations.graphql', 'utf8');

/** The map that the plugin generates for documents. */
async function mapOf(schema: GraphQLSchema, ...sources: string[]): Promise<Record<string, Needs>> {
  const path = resolve('docs/codegen/operation-map.mjs');
  const { plugin } = (await import(path)) as { plugin: Plugin };
  const text = plugin(
    schema,
    sources.map((source) => ({ document: parse(source) })),
  );
  const lines = [...text.matchAll(/^ {2}(\w+): (\{.*\}),$/gm)];
  return Object.fromEntries(lines.map(([, name = '', needs = '']) => [name, JSON.parse(needs) as Needs]));
}

describe('the generated map of operations', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem()));
  afterAll(() => tandem.close());

  it('states that an operation needs a token if the server rejects it without one', async () => {
    const map = await mapOf(SCHEMA, OPERATIONS);
    const operations = Object.entries(separateOperations(parse(OPERATIONS)));
    expect(Object.keys(map)).toEqual(operations.map(([name]) => name));
    const rejected = operations.map(async ([name, document]) => [
      name,
      (await tandem.send(print(document))).status === 401,
    ]);
    const needed = Object.entries(map).map(([name, { token }]) => [name, token]);
    expect(needed).toEqual(await Promise.all(rejected));
    expect(new Set(needed.map(([, token]) => token)).size).toBe(2);
  });

  it('states whether a client may retry an operation', async () => {
    const map = await mapOf(SCHEMA, OPERATIONS);
    expect(map).toMatchObject({
      Posts: { retry: 'always' },
      PublishPost: { retry: 'always' },
      CreatePost: { retry: 'with-key' },
      Refresh: { retry: 'with-key' },
      Login: { retry: 'never' },
      ChangePassword: { retry: 'never' },
    });
  });

  it('combines what the fields of an operation need, through fragments in other files', async () => {
    const schema = buildSchema(`
      directive @authenticated on FIELD_DEFINITION | OBJECT
      directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION
      directive @idempotent(key: String) on FIELD_DEFINITION
      type Query { open: Int one: Int @requiresScopes(scopes: [["a"], ["b"]]) two: Secret @requiresScopes(scopes: [["c"]]) }
      type Secret @authenticated { id: Int }
      type Mutation { set: Int @idempotent add: Int }
    `);
    const map = await mapOf(
      schema,
      'query Open { open __typename } query All { open ...More } mutation Set { set } mutation Add { set add }',
      'fragment More on Query { one ...Deep } fragment Deep on Query { two { id } }',
    );
    expect(map).toEqual({
      Open: { token: false, scopes: [], retry: 'always' },
      All: {
        token: true,
        scopes: [
          ['a', 'c'],
          ['b', 'c'],
        ],
        retry: 'always',
      },
      Set: { token: false, scopes: [], retry: 'always' },
      Add: { token: false, scopes: [], retry: 'never' },
    });
  });

  it('is not generated from introspection, which contains no requirements', async () => {
    const introspected = buildClientSchema(introspectionFromSchema(SCHEMA));
    await expect(mapOf(introspected, OPERATIONS)).rejects.toThrow('schema.graphql');
  });
});
