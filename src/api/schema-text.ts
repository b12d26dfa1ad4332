import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { lexicographicSortSchema } from 'graphql';
import { buildGraphQLSchema } from './schema.js';

const HEADER = '# Generated from the code by `npm run schema`. Do not edit.\n\n';

/** The text of schema.graphql. `printSchema` of graphql-js would leave out the directives of fields. */
export function schemaText(): string {
  return `${HEADER}${printSchemaWithDirectives(lexicographicSortSchema(buildGraphQLSchema()))}\n`;
}
