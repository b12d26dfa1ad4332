import { Extensions } from 'type-graphql';

/** Set by `@Public()`: the field needs no auth token. Every root field without it does. */
export const PUBLIC = 'public';
/** Set by `@PublicSole()`: the operation must not contain any other root field. */
export const SOLE_ROOT_FIELD = 'soleRootField';

/** Opens a root field to requests without an auth token. A root field without this decorator is protected. */
export function Public(): MethodDecorator {
  return Extensions({ [PUBLIC]: true });
}

/** Like `@Public`; the field must also be the only root field of its operation, so that aliases cannot repeat it. */
export function PublicSole(): MethodDecorator {
  return Extensions({ [PUBLIC]: true, [SOLE_ROOT_FIELD]: true });
}
