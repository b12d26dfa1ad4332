import { OperationLimit } from './error-codes.js';
import { Failure } from './failure.js';

/** GraphQL's Int. */
const MAX_INT = 2_147_483_647;

const NOUNS: Readonly<Record<OperationLimit, string>> = {
  FIELDS: 'fields',
  ALIASES: 'aliases',
  DIRECTIVES: 'directives',
  FRAGMENT_SPREADS: 'fragment spreads',
  DEPTH: 'levels of nested fields',
  SEARCHES: 'searches',
  COST: 'units of cost',
};

/** The failure for an operation that exceeds a limit. */
export function limitExceeded(name: OperationLimit, measured: number, maximum: number): Failure {
  const limit = { name, measured: Math.min(measured, MAX_INT), maximum };
  const isCost = name === OperationLimit.COST;
  const advice = isCost ? 'Request smaller pages (first, last), or fewer fields.' : 'Send several requests.';
  const [has, most] = [limit.measured, maximum].map((count) => count.toLocaleString('en'));
  const publicMessage = `The operation has ${has} ${NOUNS[name]}. The maximum is ${most}. ${advice}`;
  return new Failure(isCost ? 'RESPONSE_TOO_LARGE' : 'OPERATION_TOO_LARGE', { publicMessage, limit });
}
