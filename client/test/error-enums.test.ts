import { readFileSync } from 'node:fs';
import { buildSchema, isEnumType } from 'graphql';
import { ERROR_CODES, ERROR_REASONS, FIELD_ERROR_REASONS, RECOVERIES } from '../src/error-enums.js';

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));

describe('the types of errors', () => {
  it.each([
    ['ErrorCode', ERROR_CODES],
    ['ErrorReason', ERROR_REASONS],
    ['Recovery', RECOVERIES],
    ['FieldErrorReason', FIELD_ERROR_REASONS],
  ])('%s has the values of schema.graphql', (name, values) => {
    const type = schema.getType(name);
    const inSchema = isEnumType(type) ? type.getValues().map((value) => value.name) : [];
    expect([...values].sort()).toEqual(inSchema.sort());
  });
});
