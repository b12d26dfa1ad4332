import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { schemaText } from '../api/schema-text.js';
import { buildGraphQLSchema } from '../api/schema.js';

writeFileSync('schema.graphql', schemaText(buildGraphQLSchema()));
