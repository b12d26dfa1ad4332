import {
  DirectiveLocation,
  GraphQLDirective,
  GraphQLList,
  GraphQLNonNull,
  GraphQLString,
  specifiedDirectives,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchemaConfig,
} from 'graphql';
import { getMetadataStorage } from 'type-graphql';
import type { Role } from '../database/generated/enums.js';
import { IDEMPOTENT, PUBLIC, type Idempotence } from '../graphql/access.js';
import { scopesOf } from '../tokens/scopes.js';

/** As federation routers define them (https://specs.apollo.dev/federation/v2.5). */
const REQUIREMENT_LOCATIONS = [
  DirectiveLocation.FIELD_DEFINITION,
  DirectiveLocation.OBJECT,
  DirectiveLocation.INTERFACE,
  DirectiveLocation.SCALAR,
  DirectiveLocation.ENUM,
];

const AUTHENTICATED = new GraphQLDirective({
  name: 'authenticated',
  description: 'The field requires a valid auth token.',
  locations: REQUIREMENT_LOCATIONS,
});

const required = (type: GraphQLInputType) => new GraphQLNonNull(type);
const listOf = (type: GraphQLInputType) => required(new GraphQLList(type));

const REQUIRES_SCOPES = new GraphQLDirective({
  name: 'requiresScopes',
  description: 'The field requires an auth token whose claim `scope` contains all scopes of one of the lists.',
  args: {
    scopes: { type: listOf(listOf(required(GraphQLString))), description: 'Lists of scopes: one of them must be met.' },
  },
  locations: REQUIREMENT_LOCATIONS,
});

const IDEMPOTENT_DIRECTIVE = new GraphQLDirective({
  name: 'idempotent',
  description:
    'Repeating the request has no further effect, so a client may retry it if it received no response. With `key`, only if the request has a value for this field of the input.',
  args: { key: { type: GraphQLString, description: 'A field of the argument `input`.' } },
  locations: [DirectiveLocation.FIELD_DEFINITION],
});

/** States in the schema what root fields require and promise, from the metadata that operation authorization uses. */
export function applyDirectives(config: GraphQLSchemaConfig): GraphQLSchemaConfig {
  const { queries, mutations } = getMetadataStorage();
  let needsScopes = false;
  for (const { root, handlers } of [
    { root: config.query, handlers: queries },
    { root: config.mutation, handlers: mutations },
  ]) {
    for (const field of Object.values(root?.getFields() ?? {})) {
      const roles = handlers.find(({ schemaName }) => schemaName === field.name)?.roles as Role[] | undefined;
      const directives = directivesOf(field, roles ?? []);
      needsScopes ||= REQUIRES_SCOPES.name in directives;
      // Where printSchemaWithDirectives looks.
      field.extensions = { ...field.extensions, directives };
    }
  }
  const defined = [AUTHENTICATED, ...(needsScopes ? [REQUIRES_SCOPES] : []), IDEMPOTENT_DIRECTIVE];
  return { ...config, directives: [...(config.directives ?? specifiedDirectives), ...defined] };
}

function directivesOf({ extensions }: GraphQLField<unknown, unknown>, roles: readonly Role[]): Record<string, object> {
  const idempotence = extensions[IDEMPOTENT] as Idempotence | undefined;
  const scopes = roles.map(scopesOf);
  return {
    ...(extensions[PUBLIC] !== true && { [AUTHENTICATED.name]: {} }),
    ...(scopes.length > 0 && scopes.every((list) => list.length > 0) && { [REQUIRES_SCOPES.name]: { scopes } }),
    ...(idempotence && { [IDEMPOTENT_DIRECTIVE.name]: idempotence }),
  };
}
