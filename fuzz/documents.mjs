import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, getNamedType, isAbstractType, isLeafType, isNonNullType } from 'graphql';
import { argumentsOf, literal, plain, Verbatim } from './values.mjs';

const schema = buildSchema(readFileSync(join(import.meta.dirname, '..', 'schema.graphql'), 'utf8'));
const ROOTS = { query: schema.getQueryType(), mutation: schema.getMutationType() };
const MAX_DEPTH = 5;
/** Below the server's limits. */
const MAX_FIELDS = 60;
const MAX_ALIASES = 25;
/** Selected wherever it is possible: what later documents need. */
const NEEDED = {
  TokenPair: 'authToken refreshToken session { __typename id }',
  Account: 'id',
  Post: 'id',
  CreatePostPayload: 'post { __typename id }',
  Session: 'id',
  User: 'id',
  DeletePostPayload: 'deletedPostId',
};

/** The fields of Query and Mutation: new ones are fuzzed without a change here. */
export const ROOT_FIELDS = Object.values(ROOTS).flatMap((root) => Object.keys(root.getFields()));

/** An alias is the field's name with a number, so that a response tells which fields it is about. */
export const fieldOfKey = (key) => String(key).replace(/_\d+$/, '');

/** The body of a request that this viewer could send, and the root fields in it. `rareOf` says which ones rarely succeeded. */
export function operation(choose, viewer, rareOf) {
  const kind = choose.pick(['query', 'mutation']);
  const rootFields = [];
  const fragments = [];
  const declared = [];
  const variables = {};
  let newPassword;
  let count = 0;
  let aliases = 0;

  function field(parent, definition, depth) {
    const { name, type, args } = definition;
    count += 1;
    // Two fields of one name need an alias if their arguments differ.
    const isAliased = args.length > 0 || choose.chance(10);
    if (isAliased) aliases += 1;
    const values = argumentsOf(choose, definition, viewer);
    newPassword ??= values.input?.newPassword;
    const given = Object.entries(values).map(([argument, value]) => {
      const { type: of } = args.find((one) => one.name === argument);
      return `${argument}: ${choose.chance(40) ? variable(value, of) : literal(value, of)}`;
    });
    const directive = choose.chance(3) ? ` @include(if: ${choose.chance(5) ? 'false' : 'true'})` : '';
    const text = `${isAliased ? `${name}_${count}: ` : ''}${name}${given.length > 0 ? `(${given.join(', ')})` : ''}${directive}`;
    return text + selection(getNamedType(type), depth);
  }

  function variable(value, type) {
    if (value instanceof Verbatim && value.text === '$absent') return value.text;
    const name = `v${declared.length}`;
    declared.push(`$${name}: ${type}`);
    variables[name] = plain(value);
    return `$${name}`;
  }

  function selection(type, depth) {
    if (isLeafType(type)) return '';
    if (isAbstractType(type)) {
      const possible = schema.getPossibleTypes(type).map((one) => `... on ${one}${selection(one, depth)}`);
      return ` { ${possible.join(' ')} }`;
    }
    const all = Object.values(type.getFields());
    const leaves = all.filter((one) => isLeafType(getNamedType(one.type)));
    const few = depth >= MAX_DEPTH || count > MAX_FIELDS || aliases > MAX_ALIASES;
    const from = few ? leaves : all;
    const fields = from.length === 0 ? [] : Array.from({ length: 1 + choose.int(3) }, () => choose.pick(from));
    const selected = [...new Set(fields)].map((one) => field(type, one, depth + 1)).join(' ');
    const inside = `__typename ${NEEDED[type.name] ?? ''} ${selected}`;
    if (choose.chance(10)) return ` { ... on ${type} { ${inside} } }`;
    if (choose.chance(10)) {
      fragments.push(`fragment F${fragments.length} on ${type} { ${inside} }`);
      return ` { ...F${fragments.length - 1} }`;
    }
    return ` { ${inside} }`;
  }

  const roots = Object.values(ROOTS[kind].getFields());
  const rare = rareOf(roots.map(({ name }) => name));
  // A mutation must be the only field. Too many fields are rejected.
  const many = choose.chance(3) ? choose.pick([2, 31, 300]) : kind === 'mutation' ? 1 : 1 + choose.int(2);
  const fields = Array.from({ length: many }, () => {
    const root = choose.pick(choose.chance(30) ? roots.filter(({ name }) => rare.includes(name)) : roots);
    rootFields.push(root.name);
    return field(ROOTS[kind], root, many > 3 ? MAX_DEPTH : 0);
  });
  const head =
    declared.length > 0 || choose.chance(30) ? `${kind} Fuzz${declared.length > 0 ? `(${declared})` : ''}` : kind;
  const end = choose.chance(3) ? choose.oddText() : '';
  const query = `${head} { ${fields.join('\n')} }\n${fragments.join('\n')}${end}`.toWellFormed();
  const body = { query, ...(declared.length > 0 || choose.chance(10) ? { variables } : {}) };
  const password = typeof newPassword === 'string' ? newPassword : undefined;
  return { kind, body, rootFields: [...new Set(rootFields)], newPassword: password };
}

/** Whether the field may be null without an error. */
export const isNullable = (name) =>
  Object.values(ROOTS).some((root) => root.getFields()[name] && !isNonNullType(root.getFields()[name].type));
