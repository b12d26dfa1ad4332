import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { lexicographicSortSchema, type GraphQLSchema } from 'graphql';

const HEADER = '# Generated from the code by `npm run schema`. Do not edit.\n\n';

/** The text of schema.graphql. `printSchema` of graphql-js would leave out the directives of fields. */
export function schemaText(schema: GraphQLSchema): string {
  return `${HEADER}${printSchemaWithDirectives(lexicographicSortSchema(schema))}\n`;
}
