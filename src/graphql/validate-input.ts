import type { z } from 'zod';
import { Failure } from '../errors/failure.js';

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

/** Reports invalid input by field names, never by values: one of them may be a password. */
export function validateInput(input: unknown): void {
  const schema = rules.get(Object(input).constructor);
  if (!schema) return;
  const result = schema.safeParse(input);
  if (result.success) return;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
  throw new Failure('BAD_USER_INPUT', { publicMessage: `${problems.join('; ')}.` });
}
