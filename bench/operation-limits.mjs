// The time of the operation limits beside that of parsing and validating the same document: for the operations of
// docs/operations.graphql, and for documents of up to 1000 tokens. Run: npm run build && node bench/operation-limits.mjs
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import 'reflect-metadata'; // before any decorated class
import { getIntrospectionQuery, parse, print, separateOperations, specifiedRules, validate } from 'graphql';
import { buildGraphQLSchema } from '../dist/api/schema.js';
import { documentLimits } from '../dist/api/operation-limits.js';
import { measuring } from '../dist/api/operation-size.js';
import { loadConfig } from '../dist/config.js';
import { median } from './median.mjs';

const ROUNDS = 101;
const WARM_UP = 50;
const MAX_TOKENS = 1000;
const schema = buildGraphQLSchema();
const rules = [...specifiedRules, documentLimits(loadConfig({}).operationLimits)];
const root = join(import.meta.dirname, '..');
const sample = parse(readFileSync(join(root, 'docs/operations.graphql'), 'utf8'));

const times = (count, text) => Array.from({ length: count }, (_, index) => text(index)).join(' ');
const DOCUMENTS = {
  ...Object.fromEntries(Object.entries(separateOperations(sample)).map(([name, one]) => [name, print(one)])),
  'all of docs/operations.graphql': print(sample),
  'the introspection query': getIntrospectionQuery(),
  '300 fields': `{ ${times(300, () => '__typename')} }`,
  '998 times the same field': `{ ${times(998, () => '__typename')} }`,
  '998 different unknown fields': `{ ${times(998, (index) => `unknown${index}`)} }`,
  '332 aliases': `{ ${times(332, (index) => `a${index}: __typename`)} }`,
  '249 inline fragments': `{ ${times(249, () => '... { __typename }')} }`,
  '330 nested inline fragments': `${'{ ... '.repeat(330)}{ __typename }${'}'.repeat(330)}`,
  'fields in 14 times 14 inline fragments': `{ ${times(14, () => `... { ${times(14, () => '... { __typename }')} }`)} }`,
  'fragments that double 80 times': `{ ...F0 } ${times(80, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)} fragment F80 on Query { __typename }`,
  'fragments that spread 10 others': `{ ...F0 } ${times(36, (n) => `fragment F${n} on Query { ${times(10, (m) => `...F${Math.min(36, n + 1 + m)}`)} }`)} fragment F36 on Query { __typename }`,
  'the same lists in 20 fragments': `{ ${times(20, (n) => `...F${n}`)} } ${times(20, (n) => `fragment F${n} on Query { posts { nodes { ${times(30, (m) => (m % 2 ? 'id' : 'title'))} } } }`)}`,
  '490 unknown directives': `{ __typename ${times(490, () => '@aa')} }`,
  'a list in 490 lists': `{ post(id: ${'['.repeat(490)}${']'.repeat(490)}) { id } }`,
  '80 lists': `{ ${times(80, (n) => `a${n}: posts(first: 1) { totalCount }`)} }`,
};

const rows = Object.entries(DOCUMENTS).map(([name, text]) => {
  const document = parsed(text);
  const operations = document.definitions.filter(({ kind }) => kind === 'OperationDefinition');
  const validated = timesOf(() => validate(schema, document, rules, { maxErrors: 5 }));
  return {
    document: name,
    'parse µs': median(timesOf(() => parsed(text))),
    'validate µs': median(validated),
    'at most µs': Math.max(...validated),
    'limits µs': median(timesOf(() => measuring(document, schema, {}).sizeOf(operations))),
  };
});
console.table(rows);

function parsed(text) {
  return parse(text, { maxTokens: MAX_TOKENS });
}

function timesOf(work) {
  for (let index = 0; index < WARM_UP; index += 1) work();
  return Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    work();
    return Math.round((performance.now() - start) * 10_000) / 10;
  });
}
