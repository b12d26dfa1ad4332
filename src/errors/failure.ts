import type { ErrorReason, OperationLimit } from './error-codes.js';
import type { FieldError } from './field-errors.js';

/** Every reason to reject a request. `error-table.ts` has what the client receives for each. */
export type FailureKind =
  | `${ErrorReason}`
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'BAD_USER_INPUT'
  | 'CONFLICT'
  | 'RATE_LIMITED'
  | 'SERVICE_UNAVAILABLE'
  | 'INTERNAL_SERVER_ERROR';

/** Which limit an operation exceeds, and by how much. */
export interface ExceededLimit {
  readonly name: OperationLimit;
  readonly measured: number;
  readonly maximum: number;
}

export interface FailureDetail {
  /** For the client, instead of the table's message: what is wrong with the input, without the input itself. */
  readonly publicMessage?: string;
  /** For the client: which input fields are wrong. `invalidInput` builds such a failure. */
  readonly fields?: readonly FieldError[];
  /** For the client: which limit the operation exceeds. `limitExceeded` builds such a failure. */
  readonly limit?: ExceededLimit;
  /** When a retry may succeed, instead of the table's value. */
  readonly retryAfterSeconds?: number;
  /** For the log only. */
  readonly cause?: unknown;
}

/** The only error that services throw on purpose. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly publicMessage: string | undefined;
  readonly fields: readonly FieldError[] | undefined;
  readonly limit: ExceededLimit | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly kind: FailureKind,
    detail: FailureDetail = {},
  ) {
    super(kind, { cause: detail.cause });
    // A failure is expected, and what caused it has a stack of its own. GraphQL formats the stack of an error that has one:
    // with source maps the first one takes 80 ms.
    this.stack = '';
    this.publicMessage = detail.publicMessage;
    this.fields = detail.fields;
    this.limit = detail.limit;
    this.retryAfterSeconds = detail.retryAfterSeconds;
  }
}
