import { ApolloServerValidationErrorCode } from '@apollo/server/errors';
import { GraphQLError } from 'graphql';
import { isMissingReference } from '../database/missing-reference.js';
import { isOutage } from '../database/outage.js';
import { Failure } from '../errors/failure.js';
import { invalidInput, type FieldProblem } from '../errors/invalid-input.js';
import { REQUEST_ERROR_CODES } from '../errors/error-table.js';

/** Messages repeat names of the request, which can have any length. */
const MAX_MESSAGE_CHARACTERS = 500;

/** A failure of the table, or one of Apollo Server's own rejections of a request, with a safe message. */
export type ClassifiedError = Failure | { readonly code: keyof typeof REQUEST_ERROR_CODES; readonly message: string };

/** Maps an error of any origin to what the client receives. An unknown error is an internal error. */
export function classifyError(error: unknown): ClassifiedError {
  const thrown = error instanceof GraphQLError && error.originalError ? error.originalError : error;
  if (thrown instanceof Failure) return thrown;
  // Every foreign key refers to an account: the viewer's was deleted during the request.
  if (isMissingReference(thrown)) return new Failure('TOKEN_REVOKED', { cause: thrown });
  if (isOutage(thrown)) return new Failure('SERVICE_UNAVAILABLE', { cause: thrown });
  if (error instanceof GraphQLError) {
    const { code, validationErrorCode } = error.extensions;
    if (validationErrorCode === ApolloServerValidationErrorCode.INTROSPECTION_DISABLED) {
      return new Failure('INTROSPECTION_DISABLED');
    }
    if (isOfVariables(error)) return new Failure('BAD_USER_INPUT');
    if (isRequestErrorCode(code))
      return { code, message: withoutLiteral(error.message).slice(0, MAX_MESSAGE_CHARACTERS) };
    const argument = thrown instanceof GraphQLError ? invalidArgument(thrown) : undefined;
    if (argument) return invalidInput([argument]);
    // graphql-js has found too many problems in the variables.
    if (!error.originalError && code === undefined) return new Failure('BAD_USER_INPUT');
  }
  return new Failure('INTERNAL_SERVER_ERROR', { cause: thrown });
}

function isRequestErrorCode(code: unknown): code is keyof typeof REQUEST_ERROR_CODES {
  return typeof code === 'string' && code in REQUEST_ERROR_CODES;
}

/** Whether variables do not fit their types. Apollo Server marks these errors of graphql-js. */
export function isOfVariables(error: unknown): boolean {
  return error instanceof GraphQLError && error.extensions['code'] === 'BAD_USER_INPUT';
}

/** The argument that graphql-js rejects during execution. Its message quotes the value after the name. */
function invalidArgument({ message }: GraphQLError): FieldProblem | undefined {
  const [, name, problem] =
    /^Argument "(\w+)" (of required type|of non-null type|has invalid value) /.exec(message) ?? [];
  return name === undefined
    ? undefined
    : { path: [name], reason: problem === 'has invalid value' ? 'WRONG_TYPE' : 'REQUIRED' };
}

/** The messages of parser and validator quote literals of the document, which may be passwords. */
function withoutLiteral(message: string): string {
  return message
    .replace(/(value:) .*$/s, '$1 (not repeated)')
    .replace(/(found|Unexpected) (Name|String|BlockString|Int|Float) .*$/s, '$1 $2.')
    .replace(/^(Expected value of type .*?), found .*$/s, '$1.');
}
