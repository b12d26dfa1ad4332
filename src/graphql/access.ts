import { Extensions } from 'type-graphql';

/** Set by `@Public()`: the field needs no auth token. Every root field without it does. */
export const PUBLIC = 'public';

/** Set on a field whose value can be long: the most bytes that it has. See api/response-limit.ts. */
export const MAX_BYTES = 'maxBytes';

/** Opens a root field to requests without an auth token. A root field without this decorator is protected. */
export function Public(): MethodDecorator {
  return Extensions({ [PUBLIC]: true });
}

/** States the most bytes that a long text can have, so that the size of a response can be limited. */
export function MaxBytes(bytes: number): PropertyDecorator {
  return Extensions({ [MAX_BYTES]: bytes });
}
