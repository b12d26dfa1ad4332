import { getMetadataStorage, type ResolverData, type ValidatorFn } from 'type-graphql';
import { getNamedType } from 'graphql';
import type { z } from 'zod';
import { FIELD_MESSAGES, type FieldError } from '../errors/field-errors.js';
import { invalidInput } from '../errors/invalid-input.js';

const rules = new WeakMap<object, z.ZodType>();

/**
 * Validates every argument of this input class by the schema before its resolver runs. A valid input is not changed.
 * A rule for a field that the class lacks does not compile.
 */
export function ValidatedBy<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>) {
  return <Input extends object>(inputClass: keyof Shape extends keyof Input ? new () => Input : never): void => {
    rules.set(inputClass, schema);
  };
}

/** The reason that clients receive if a `refine` rule rejects a field. */
export function because(reason: FieldError['reason'], message = FIELD_MESSAGES[reason]) {
  return { message, params: { reason } };
}

/** Reports all problems of invalid input by field names, never by values: one of them may be a password. */
export const validateInput: ValidatorFn = (input, inputClass, { info }) => {
  const schema = rules.get(Object(input).constructor);
  if (!schema) return;
  const result = schema.safeParse(input);
  if (result.success) return;
  const argument = argumentOf(inputClass, info);
  throw invalidInput(
    result.error.issues.map((issue) => ({
      path: [...argument, ...issue.path.map(String)],
      reason: reasonOf(issue),
      message: issue.message,
    })),
  );
};

/** The name of the argument that has this input class. Empty for a class of all arguments of a field. */
function argumentOf(inputClass: unknown, { parentType, fieldName }: ResolverData['info']): string[] {
  const typeName = getMetadataStorage().inputTypes.find(({ target }) => target === inputClass)?.name;
  const arguments_ = parentType.getFields()[fieldName]?.args ?? [];
  return arguments_.filter(({ type }) => getNamedType(type).name === typeName).map(({ name }) => name);
}

function reasonOf(issue: z.core.$ZodIssue): FieldError['reason'] {
  switch (issue.code) {
    case 'custom':
      return (issue.params as ReturnType<typeof because>['params'] | undefined)?.reason ?? 'INVALID_FORMAT';
    case 'too_big':
      return issue.origin === 'string' ? 'TOO_LONG' : 'OUT_OF_RANGE';
    case 'too_small':
      return issue.origin === 'string' ? 'TOO_SHORT' : 'OUT_OF_RANGE';
    case 'invalid_type':
      return 'WRONG_TYPE';
    default:
      return 'INVALID_FORMAT';
  }
}
