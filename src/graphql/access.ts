import { Extensions } from 'type-graphql';
import { ALONE, PUBLIC } from './root-fields.js';

/** Opens a root field to requests without an auth token. A root field that does not say so is protected. */
export function Public(): MethodDecorator {
  return Extensions({ [PUBLIC]: true });
}

/** Opens a root field like `@Public`, and lets it be the only one of its operation: no hundred logins by alias. */
export function PublicAlone(): MethodDecorator {
  return Extensions({ [PUBLIC]: true, [ALONE]: true });
}
