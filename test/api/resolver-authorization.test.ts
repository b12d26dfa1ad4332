import { execute, parse, type GraphQLSchema } from 'graphql';
import { Authorized, buildSchemaSync, Query, Resolver } from 'type-graphql';
import { buildGraphQLSchema, RESOLVERS, type ResolverInstances } from '../../src/api/schema.js';
import { Failure } from '../../src/errors/failure.js';
import { authChecker } from '../../src/graphql/auth-checker.js';
import type { Viewer } from '../../src/tokens/viewer.js';
import { PUBLIC_FIELDS, rootFields } from '../support/operations.js';

const expiresAt = new Date();
const ids = { accountId: 'a', sessionId: 's', generation: 1, expiresAt };
const MEMBER: Viewer = { state: 'authenticated', role: 'MEMBER', ...ids };
const ADMIN: Viewer = { state: 'authenticated', role: 'ADMIN', ...ids };
const REJECTIONS: [string, Viewer][] = [
  ['TOKEN_MISSING', { state: 'anonymous' }],
  ['TOKEN_EXPIRED', { state: 'rejected', reason: 'TOKEN_EXPIRED', ...ids }],
  ['TOKEN_STALE', { state: 'rejected', reason: 'TOKEN_STALE', ...ids }],
  ['TOKEN_INVALID', { state: 'rejected', reason: 'TOKEN_INVALID' }],
  ['TOKEN_REVOKED', { state: 'rejected', reason: 'TOKEN_REVOKED', accountId: 'a', sessionId: 's', generation: 1 }],
  ['SERVICE_UNAVAILABLE', { state: 'indeterminate', cause: new Error('no database') }],
];

/** The kind of failure that a field throws when it executes without operation authorization before it. */
async function failureOf(schema: GraphQLSchema, query: string, viewer: Viewer): Promise<string | undefined> {
  const contextValue = { viewer, clientInfo: { ipAddress: '127.0.0.1' }, requestId: 'r', outcome: {} };
  const { errors } = await execute({ schema, document: parse(query), contextValue });
  const thrown = errors?.[0]?.originalError;
  return thrown instanceof Failure ? thrown.kind : thrown?.message;
}

describe('a protected resolver, with operation authorization disabled', () => {
  // The instances have no services: a resolver that runs fails with a TypeError.
  const instances = RESOLVERS.map((resolver) => Object.create(resolver.prototype as object)) as ResolverInstances;
  const schema = buildGraphQLSchema(instances);
  const fields = rootFields().filter(({ name }) => !PUBLIC_FIELDS.includes(name));

  describe.each(fields)('$kind $name', ({ kind, selection }) => {
    it.each(REJECTIONS)('fails with %s and does not run', async (expected, viewer) => {
      expect(await failureOf(schema, `${kind} { ${selection} }`, viewer)).toBe(expected);
    });

    it('runs with a valid token', async () => {
      expect(await failureOf(schema, `${kind} { ${selection} }`, MEMBER)).toMatch(/undefined|is not a function/);
    });
  });
});

describe("a field with @Authorized('ADMIN')", () => {
  @Resolver()
  class AdminResolver {
    @Authorized('ADMIN')
    @Query(() => String)
    secret(): string {
      return 'for administrators';
    }
  }
  const schema = buildSchemaSync({ resolvers: [AdminResolver], authChecker });

  it('is FORBIDDEN to a member', async () => {
    expect(await failureOf(schema, '{ secret }', MEMBER)).toBe('FORBIDDEN');
  });

  it('is accessible to an administrator', async () => {
    expect(await failureOf(schema, '{ secret }', ADMIN)).toBeUndefined();
  });

  it.each(REJECTIONS)('fails with %s without a valid token', async (expected, viewer) => {
    expect(await failureOf(schema, '{ secret }', viewer)).toBe(expected);
  });
});
