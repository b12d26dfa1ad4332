import type { ErrorExtensions } from './error-enums.js';

/** Neither a response nor an error decides about the tokens. One of both is there. */
export interface Failure {
  response?: Response;
  error?: unknown;
}

export interface Reply<Data> extends Body<Data> {
  response: Response;
}

interface Body<Data> {
  data?: Data;
  errors?: { extensions?: ErrorExtensions }[];
}

/** Leaves the response readable. Empty if it is not GraphQL, such as the page of a proxy. */
export async function bodyOf<Data>(response: Response): Promise<Body<Data>> {
  const body = (await response
    .clone()
    .json()
    .catch(() => undefined)) as Body<Data> | undefined;
  return body ?? {};
}

/** The extensions of the first error, if the response is a rejection by the server. */
export async function rejectionOf(response: Response): Promise<Partial<ErrorExtensions>> {
  if (response.ok) return {};
  return (await bodyOf(response)).errors?.[0]?.extensions ?? {};
}

const LONGEST_BACKOFF_MS = 10_000;

/**
 * How long to wait before a retry; undefined if a retry does not help. `isStrict`: the server said so. The part that is
 * random keeps clients apart that failed together.
 */
export async function retryDelay(
  { response }: Failure,
  failures: number,
): Promise<{ ms: number; isStrict: boolean } | undefined> {
  const { recovery, retryAfterSeconds } = response ? await rejectionOf(response) : {};
  const isHtml = response?.headers.get('content-type')?.includes('html');
  if (response && recovery !== 'RETRY' && (recovery || !(isHtml || response.status === 429 || response.status > 499)))
    return undefined;
  const seconds = retryAfterSeconds ?? Number(response?.headers.get('retry-after') ?? NaN);
  if (seconds >= 0) return { ms: seconds * 1000 + Math.random() * 1000, isStrict: true };
  return { ms: Math.min(500 * 2 ** failures, LONGEST_BACKOFF_MS) * (0.5 + Math.random() / 2), isStrict: false };
}
