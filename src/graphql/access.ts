import { Extensions } from 'type-graphql';

/** Set by `@Public()`: the root field needs no auth token. All other root fields need one. */
export const PUBLIC = 'public';

/** Set by `@SecretInput()`: the arguments of the query contain a secret. */
export const SECRET_INPUT = 'secretInput';

/** Set on a field whose value can be long: the most UTF-16 code units that it has. See api/operation-size.ts. */
export const MAX_CHARACTERS = 'maxCharacters';

/** Set on an input field whose value makes the server read many texts. See api/costly-arguments.ts. */
export const SEARCHES = 'searches';

/** Set by `@Idempotent()`: repeating the mutation has no further effect. See api/schema-directives.ts. */
export const IDEMPOTENT = 'idempotent';

export interface Idempotence {
  /** Only with a value for this field of the input. */
  readonly key?: string;
}

/** Opens a root field to requests without an auth token. A root field without this decorator is protected. */
export function Public(): MethodDecorator {
  return Extensions({ [PUBLIC]: true });
}

/** Rejects a query over GET, because its arguments contain a secret, and URLs are stored in logs. */
export function SecretInput(): MethodDecorator {
  return Extensions({ [SECRET_INPUT]: true });
}

/**
 * States that repeating a mutation has no further effect (RFC 9110 §9.2.2), so that a client may retry it if it received no
 * response. The response to a repetition may be another one, such as NOT_FOUND after a deletion.
 */
export function Idempotent(idempotence: Idempotence = {}): MethodDecorator {
  return Extensions({ [IDEMPOTENT]: idempotence });
}

/** States how long a text can be, as `String.length` counts, so that the size of a response can be estimated. */
export function MaxCharacters(count: number): PropertyDecorator {
  return Extensions({ [MAX_CHARACTERS]: count });
}

/** States that a value of this input field makes the server read many texts, so that an operation can do it only a few times. */
export function Searches(): PropertyDecorator {
  return Extensions({ [SEARCHES]: true });
}
