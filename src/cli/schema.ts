import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { schemaText } from '../api/schema-text.js';

writeFileSync('schema.graphql', schemaText());
