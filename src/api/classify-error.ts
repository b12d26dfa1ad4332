import { GraphQLError } from 'graphql';
import { isMissingReference } from '../database/missing-reference.js';
import { isOutage } from '../database/outage.js';
import { Failure } from '../errors/failure.js';
import { REQUEST_ERROR_CODES } from '../errors/error-table.js';

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
    const { code } = error.extensions;
    if (code === 'BAD_USER_INPUT') return new Failure('BAD_USER_INPUT', { publicMessage: withoutValue(error) });
    if (isRequestErrorCode(code)) return { code, message: withoutLiteral(error.message) };
    // An error of graphql-js: during execution, an argument did not fit its type.
    if (!error.originalError && code === undefined) return new Failure('BAD_USER_INPUT');
  }
  return new Failure('INTERNAL_SERVER_ERROR', { cause: thrown });
}

function isRequestErrorCode(code: unknown): code is keyof typeof REQUEST_ERROR_CODES {
  return typeof code === 'string' && code in REQUEST_ERROR_CODES;
}

/** graphql-js quotes the value of a variable that does not fit its type. The message names the path instead. */
function withoutValue({ nodes, message }: GraphQLError): string {
  const [node] = nodes ?? [];
  const variable = node && 'variable' in node ? node.variable.name.value : undefined;
  if (variable === undefined) return 'An argument has a value that does not fit its type.';
  const [, path = variable] = message.match(new RegExp(` at "(${variable}[\\w.[\\]]*)"`)) ?? [];
  return message.includes('was not provided') || message.includes('of required type')
    ? `The variable $${variable} lacks a value: ${path} must be present and not null.`
    : `The variable $${variable} does not fit its type: check ${path}.`;
}

/** The messages of parser and validator quote literals of the document, which may be passwords. */
function withoutLiteral(message: string): string {
  return message
    .replace(/(value:) .*$/s, '$1 (not repeated)')
    .replace(/(found|Unexpected) (Name|String|BlockString|Int|Float) .*$/s, '$1 $2.')
    .replace(/^(Expected value of type .*?), found .*$/s, '$1.');
}
