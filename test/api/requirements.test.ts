import { readFileSync } from 'node:fs';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { buildSchema, GraphQLSchema, valueFromASTUntyped, type GraphQLField } from 'graphql';
import { Authorized, buildSchemaSync, Mutation, Query, Resolver } from 'type-graphql';
import { applyDirectives } from '../../src/api/schema-directives.js';
import { decode } from '../support/forge.js';
import { startTandem, type Person, type Tandem } from '../support/harness.js';
import { PUBLIC_FIELDS, rootFields } from '../support/operations.js';

/** The root fields that require the role. All others require a token, except PUBLIC_FIELDS. */
const FOR_ADMINISTRATORS: string[] = [];

type Requirement = 'nothing' | 'a token' | 'the scope admin';

/** What a field returns anonymously, to a member and to an administrator. */
const RESULTS: Record<Requirement, string[]> = {
  nothing: ['executed', 'executed', 'executed'],
  'a token': ['UNAUTHENTICATED', 'executed', 'executed'],
  'the scope admin': ['UNAUTHENTICATED', 'FORBIDDEN', 'executed'],
};

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
const definitions: Record<string, GraphQLField<unknown, unknown>> = {
  ...schema.getQueryType()?.getFields(),
  ...schema.getMutationType()?.getFields(),
};

/** What the directives of a field state. */
function stated({ astNode }: GraphQLField<unknown, unknown>): Requirement {
  const directives = new Map(astNode?.directives?.map((node) => [node.name.value, node.arguments ?? []]));
  const [scopes] = directives.get('requiresScopes') ?? [];
  if (scopes) {
    expect(directives.has('authenticated')).toBe(true);
    expect(valueFromASTUntyped(scopes.value)).toEqual([['admin']]);
    return 'the scope admin';
  }
  return directives.has('authenticated') ? 'a token' : 'nothing';
}

describe('the requirements that schema.graphql states', () => {
  let tandem: Tandem;
  let member: Person;
  let administrator: Person;
  beforeAll(async () => {
    tandem = await startTandem();
    [member, administrator] = [await tandem.person(), await tandem.person()];
    await tandem.database.account.update({ where: { id: administrator.id }, data: { role: 'ADMIN' } });
  });
  afterAll(() => tandem.close());

  describe.each(rootFields())('$kind $name', ({ kind, name, selection }) => {
    const expected = PUBLIC_FIELDS.includes(name)
      ? 'nothing'
      : FOR_ADMINISTRATORS.includes(name)
        ? 'the scope admin'
        : 'a token';

    /** Executed: also with an error that is about the input. */
    async function resultOf(person?: Person): Promise<string> {
      // A new session for each, because some mutations revoke it.
      const token = person && (await tandem.login(person)).authToken;
      const { errors } = await tandem.send(`${kind} { ${selection} }`, {}, { token });
      const { code, reason } = errors?.[0]?.extensions ?? {};
      const isRejected = code === 'UNAUTHENTICATED' || (code === 'FORBIDDEN' && reason === null);
      return isRejected ? String(code) : 'executed';
    }

    it(`states that it requires ${expected}`, () => {
      const field = definitions[name];
      expect(field && stated(field)).toBe(expected);
    });

    it('gives an anonymous client, a member and an administrator what it states', async () => {
      const results = [await resultOf(), await resultOf(member), await resultOf(administrator)];
      const field = definitions[name];
      expect(results).toEqual(field && RESULTS[stated(field)]);
    });
  });

  it('are met by the scope of a token', async () => {
    const scopeOf = async (person: Person) => decode((await tandem.login(person)).authToken).claims['scope'];
    expect([await scopeOf(member), await scopeOf(administrator)]).toEqual([undefined, 'admin']);
  });
});

describe('the directives of a field', () => {
  @Resolver()
  class RequirementsResolver {
    @Authorized('ADMIN')
    @Query(() => String)
    forAdministrators(): string {
      return '';
    }

    @Authorized('ADMIN', 'MEMBER')
    @Query(() => String)
    forEverybody(): string {
      return '';
    }

    @Authorized('ADMIN')
    @Mutation(() => String)
    changeByAdministrators(): string {
      return '';
    }
  }

  it('contain the scopes of the roles that it requires', () => {
    const built = buildSchemaSync({ resolvers: [RequirementsResolver], authChecker: () => true });
    const text = printSchemaWithDirectives(new GraphQLSchema(applyDirectives(built.toConfig())));
    expect(text).toContain('forAdministrators: String! @authenticated @requiresScopes(scopes: [["admin"]])');
    expect(text).toContain('changeByAdministrators: String! @authenticated @requiresScopes(scopes: [["admin"]])');
    expect(text).toContain('forEverybody: String! @authenticated\n');
  });
});
