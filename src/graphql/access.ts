import { Extensions } from 'type-graphql';

/** Set by `@Public()`: the field needs no auth token. Every root field without it does. */
export const PUBLIC = 'public';

/** Opens a root field to requests without an auth token. A root field without this decorator is protected. */
export function Public(): MethodDecorator {
  return Extensions({ [PUBLIC]: true });
}
