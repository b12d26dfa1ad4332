import { randomInt } from 'node:crypto';
import { Failure } from './failure.js';

const LEAST_RETRY_SECONDS = 2;
const MOST_RETRY_SECONDS = 8;

/** The rejection of a request that the process has no capacity for. Clients that are rejected together return spread out. */
export function overloaded(cause?: string): Failure {
  const retryAfterSeconds = randomInt(LEAST_RETRY_SECONDS, MOST_RETRY_SECONDS + 1);
  return new Failure('SERVICE_UNAVAILABLE', { retryAfterSeconds, cause });
}
