import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  buildSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';

const schema = buildSchema(readFileSync(join(import.meta.dirname, '..', 'schema.graphql'), 'utf8'));
const MAX_DEPTH = 6;
const WORDS = ['', '*', 'a', 'é', '\u0000', '%_', "'; --", '1'.repeat(300), '\u{1F600}'];

/** A document with one operation, most of whose values have the right type. `known` are values such as tokens and ids. */
export function documents(known) {
  const text = fc.oneof(fc.constantFrom(...known, ...WORDS), fc.string({ unit: 'binary', maxLength: 40 }));
  const anyValue = fc.constantFrom('null', '1', '-1', '1e999', '9'.repeat(40), 'true', '[]', '{}', '$absent', 'NOPE');
  return fc
    .record({
      kind: fc.constantFrom('query', 'mutation'),
      // Alternatives for each decision that a document needs, used in turn.
      choices: fc.array(fc.nat(1000), { minLength: 1, maxLength: 30 }),
      texts: fc.array(text, { minLength: 1, maxLength: 5 }),
      wrong: fc.option(anyValue, { freq: 4 }),
      repeats: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 3 }) }, fc.constantFrom(31, 300)),
      suffix: fc.oneof({ weight: 9, arbitrary: fc.constant('') }, fc.string({ maxLength: 10 })),
    })
    .map(documentOf);
}

function documentOf({ kind, choices, texts, wrong, repeats, suffix }) {
  let at = 0;
  const next = (count) => choices[at++ % choices.length] % count;
  const nextText = () => texts[at++ % texts.length];
  const root = kind === 'query' ? schema.getQueryType() : schema.getMutationType();

  function field(parent, depth) {
    const fields = Object.values(parent.getFields());
    const { name, type, args } = fields[next(fields.length)];
    const given = args.filter(({ type: of }) => isNonNullType(of) || next(2) === 0);
    const values = given.map(({ name: argument, type: of }) => `${argument}: ${value(of, 0)}`).join(', ');
    return `${name}${values && `(${values})`}${selection(getNamedType(type), depth)}`;
  }

  function selection(type, depth) {
    if (isLeafType(type)) return '';
    if (depth >= MAX_DEPTH) return ' { __typename }';
    const fields = Array.from({ length: 1 + next(3) }, (_, index) => `f${index}: ${field(type, depth + 1)}`);
    return ` { __typename ${fields.join(' ')} }`;
  }

  function value(type, depth) {
    if (wrong !== null && next(8) === 0) return wrong;
    if (isNonNullType(type)) return value(type.ofType, depth);
    if (isListType(type)) return `[${value(type.ofType, depth)}]`;
    if (isInputObjectType(type)) {
      const members = Object.values(type.getFields()).filter(({ type: of }) => isNonNullType(of) || next(2) === 0);
      return `{ ${members.map(({ name, type: of }) => `${name}: ${value(of, depth + 1)}`).join(', ')} }`;
    }
    if (isEnumType(type)) return type.getValues()[next(type.getValues().length)].name;
    if (type.name === 'Int') return String(next(200) - 20);
    if (type.name === 'Boolean') return String(next(2) === 0);
    return JSON.stringify(nextText());
  }

  // The server rejects several mutations in one operation.
  const count = kind === 'mutation' && repeats <= 3 ? 1 : repeats;
  const fields = Array.from({ length: count }, (_, index) => `r${index}: ${field(root, 0)}`);
  return `${kind} { ${fields.join('\n')} }${suffix}`;
}
