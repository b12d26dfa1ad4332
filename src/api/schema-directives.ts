import {
  DirectiveLocation,
  GraphQLDirective,
  GraphQLString,
  specifiedDirectives,
  type GraphQLField,
  type GraphQLSchemaConfig,
} from 'graphql';
import { IDEMPOTENT, PUBLIC, type Idempotence } from '../graphql/access.js';

const AUTHENTICATED = new GraphQLDirective({
  name: 'authenticated',
  description: 'The field requires a valid auth token.',
  locations: [
    DirectiveLocation.FIELD_DEFINITION,
    DirectiveLocation.OBJECT,
    DirectiveLocation.INTERFACE,
    DirectiveLocation.SCALAR,
    DirectiveLocation.ENUM,
  ],
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
  for (const root of [config.query, config.mutation]) {
    for (const field of Object.values(root?.getFields() ?? {})) {
      // Where printSchemaWithDirectives looks.
      field.extensions = { ...field.extensions, directives: directivesOf(field) };
    }
  }
  return {
    ...config,
    directives: [...(config.directives ?? specifiedDirectives), AUTHENTICATED, IDEMPOTENT_DIRECTIVE],
  };
}

function directivesOf({ extensions }: GraphQLField<unknown, unknown>): Record<string, object> {
  const idempotence = extensions[IDEMPOTENT] as Idempotence | undefined;
  return {
    ...(extensions[PUBLIC] !== true && { [AUTHENTICATED.name]: {} }),
    ...(idempotence && { [IDEMPOTENT_DIRECTIVE.name]: idempotence }),
  };
}
