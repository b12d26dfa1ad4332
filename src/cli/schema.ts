import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { schemaText } from '../graphql/schema-text.js';

writeFileSync('schema.graphql', schemaText());
