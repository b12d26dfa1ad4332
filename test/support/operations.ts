import { readFileSync } from 'node:fs';
import {
  buildSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
  type GraphQLField,
  type GraphQLInputType,
} from 'graphql';

export interface RootField {
  name: string;
  kind: 'query' | 'mutation';
  /** The field with its required arguments and a minimal selection. */
  selection: string;
}

/** The public root fields. A new root field must be protected, or be added here. */
export const PUBLIC_FIELDS = [
  'tokenStatus',
  'passwordStrength',
  'login',
  'refreshToken',
  'logout',
  'signUp',
  'resendVerification',
  'verifyEmail',
  'requestPasswordReset',
  'resetPassword',
  'undoEmailChange',
  'revokeReportedSession',
];

const LITERALS: Record<string, string> = { Int: '1', Float: '1', Boolean: 'true', DateTime: '"2030-01-01T00:00:00Z"' };

/** Every root field of the committed schema. */
export function rootFields(): RootField[] {
  const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
  const fieldsOf = (
    kind: RootField['kind'],
    type = kind === 'query' ? schema.getQueryType() : schema.getMutationType(),
  ) =>
    Object.values(type?.getFields() ?? {}).map((field) => ({ name: field.name, kind, selection: selectionOf(field) }));
  return [...fieldsOf('query'), ...fieldsOf('mutation')];
}

function selectionOf({ name, args, type }: GraphQLField<unknown, unknown>): string {
  const given = args.filter(isRequiredArgument).map((argument) => `${argument.name}: ${literal(argument.type)}`);
  const fields = isCompositeType(getNamedType(type)) ? ' { __typename }' : '';
  return `${name}${given.length > 0 ? `(${given.join(', ')})` : ''}${fields}`;
}

function literal(type: GraphQLInputType): string {
  if (isNonNullType(type)) return literal(type.ofType);
  if (isListType(type)) return '[]';
  if (isEnumType(type)) return type.getValues()[0]?.name ?? '';
  if (!isInputObjectType(type)) return LITERALS[type.name] ?? '"x"';
  const fields = Object.values(type.getFields()).filter(isRequiredInputField);
  const valueOf = ({ name, type: ofField }: (typeof fields)[number]) =>
    /email/i.test(name) ? '"x@example.com"' : literal(ofField);
  return `{ ${fields.map((field) => `${field.name}: ${valueOf(field)}`).join(', ')} }`;
}
