import { isEnumType, isInputObjectType, isListType, isNonNullType } from 'graphql';
import { PASSWORDS } from './world.mjs';

const ODD_TEXTS = ['', '*', 'a', 'é', '\u0000', '%_', "'; --", '1'.repeat(300), '\u{1F600}', 'ﬀ', 'a\u0301\u0301'];
/** GraphQL that has the wrong type almost everywhere. */
const WRONG = ['null', '1', '-1', '1e999', '9'.repeat(40), 'true', '[]', '{}', '$absent', 'NOPE', '"\\uD800"', '""'];

/** A value that is written into the document as it is. */
export class Verbatim {
  constructor(text) {
    this.text = text;
  }
}

/** The arguments of a field by name: mostly values that the server accepts from this viewer. */
export function argumentsOf(choose, field, viewer) {
  const chosen = field.args.filter(({ name, type }) => isNonNullType(type) || wants(choose, name));
  const names = new Set(chosen.map(({ name }) => name));
  // A connection accepts `first` and `after`, or `last` and `before`.
  const oneDirection = names.has('last') || names.has('before') ? ['last', 'before'] : ['first', 'after'];
  const isPaged = field.args.some(({ name }) => name === 'first');
  return Object.fromEntries(
    chosen
      .filter(({ name }) => !isPaged || oneDirection.includes(name) || name === 'filter' || choose.chance(5))
      .map(({ name, type }) => [name, valueOf(choose, name, type, { viewer, field: field.name })]),
  );
}

function wants(choose, name) {
  if (name === 'before' || name === 'last') return choose.chance(20);
  return choose.chance(name === 'first' || name === 'input' ? 75 : 35);
}

function valueOf(choose, name, type, place) {
  if (choose.chance(2)) return new Verbatim(choose.pick(WRONG));
  if (isNonNullType(type)) return valueOf(choose, name, type.ofType, place);
  if (isListType(type)) return [valueOf(choose, name, type.ofType, place)];
  if (isInputObjectType(type)) {
    const members = Object.values(type.getFields()).filter(({ type: of }) => isNonNullType(of) || choose.chance(40));
    return Object.fromEntries(
      members.map((member) => [member.name, valueOf(choose, member.name, member.type, { ...place, input: type.name })]),
    );
  }
  if (isEnumType(type)) return choose.pick(type.getValues()).name;
  switch (type.name) {
    case 'Int':
      return choose.chance(5) ? choose.int(300) - 100 : 1 + choose.int(4);
    case 'Float':
      return choose.int(1000) / 8;
    case 'Boolean':
      return choose.int(2) === 1;
    case 'DateTime':
      return new Date(Date.UTC(2026, 0, 1 + choose.int(700))).toISOString();
    default:
      return textOf(choose, name, place);
  }
}

function textOf(choose, name, { viewer, field, input }) {
  const { world, account, session } = viewer;
  const any = (list, fallback) => (list.length > 0 ? choose.pick(list) : fallback);
  // Texts that the server returns later must not contain secrets: they would look like leaks.
  if (/title|body|name|search/i.test(name)) {
    if (choose.chance(10)) return choose.pick(ODD_TEXTS);
    return choose.chance(10) ? choose.oddText() : `fuzzed text ${choose.int(50)}`;
  }
  if (choose.chance(4)) return choose.pick([...ODD_TEXTS, ...world.secretTexts()]);
  if (name === 'id' && /post/i.test(field))
    return choose.chance(80) ? any(account.posts, 'no-post') : any(world.posts, '1');
  if (name === 'id' && field === 'node') return any([...account.posts, ...world.posts, ...world.users], 'no-node');
  if (name === 'authorId') return any(world.users, 'nobody');
  if (name === 'sessionId') return any(account.sessionIds, 'no-session');
  if (name === 'after' || name === 'before') return any(world.cursors[field] ?? [], 'no-cursor');
  if (/^newPassword/i.test(name)) return choose.pick(PASSWORDS);
  if (/password/i.test(name)) return /signUp|register/i.test(field) ? choose.pick(PASSWORDS) : account.password;
  if (/refreshToken/i.test(name)) return choose.chance(15) ? any(world.previousTokens, 'a') : session.refreshToken;
  if (/idempotencyKey/i.test(name)) return choose.chance(70) ? session.key : `key-for-the-fuzzer-${choose.int(30)}`;
  if (/email/i.test(name)) return input === 'LoginInput' ? account.email : `fuzz-${choose.int(10_000)}@example.com`;
  if (/otp|code/i.test(name)) return String(100_000 + choose.int(899_999));
  return any(world.secretTexts(), 'a');
}

/** The value as GraphQL. */
export function literal(value, type) {
  if (value instanceof Verbatim) return value.text;
  if (isNonNullType(type)) return literal(value, type.ofType);
  if (isListType(type)) return `[${value.map((item) => literal(item, type.ofType)).join(', ')}]`;
  if (isInputObjectType(type)) {
    const fields = type.getFields();
    return `{ ${Object.entries(value).map(([name, of]) => `${name}: ${literal(of, fields[name].type)}`)} }`;
  }
  return isEnumType(type) ? value : JSON.stringify(value);
}

/** The value for the JSON of variables. */
export function plain(value) {
  if (value instanceof Verbatim) {
    try {
      return JSON.parse(value.text);
    } catch {
      return value.text;
    }
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, plain(of)]));
}
