import { answer } from '../../../test/client/answer.js';

/** An error response that says when to try again. */
export function retryAfter(seconds: number, status = 503): Response {
  const response = answer(status, status === 429 ? 'RATE_LIMITED' : 'SERVICE_UNAVAILABLE', 'RETRY');
  response.headers.set('retry-after', String(seconds));
  return response;
}

/** What a proxy responds. */
export const htmlPage = (status: number) =>
  new Response('<h1>Bad gateway</h1>', { status, headers: { 'content-type': 'text/html' } });
