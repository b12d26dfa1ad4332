import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildGraphQLSchema } from './schema.js';

const HEADER = '# Generated from the code by `npm run schema`. Do not edit.\n\n';

/** The text of schema.graphql. */
export function schemaText(): string {
  return `${HEADER}${printSchema(lexicographicSortSchema(buildGraphQLSchema()))}\n`;
}
