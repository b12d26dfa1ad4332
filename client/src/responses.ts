import type { ErrorExtensions } from './error-enums.js';

export interface Body<Data> {
  response: Response;
  data?: Data;
  errors?: { extensions?: ErrorExtensions }[];
}

/** Leaves the response readable. Without data and errors if it is not GraphQL, such as the page of a proxy. */
export async function bodyOf<Data>(response: Response): Promise<Body<Data>> {
  const body = (await response
    .clone()
    .json()
    .catch(() => undefined)) as Body<Data> | undefined;
  return { ...body, response };
}

/** What failed: a response, or an error if there is none. */
export function isResponse(failure: unknown): failure is Response {
  return Boolean((failure as Response | undefined)?.clone);
}

/** The extensions of the first error of a rejection. */
export async function rejectionOf(failure: unknown): Promise<Partial<ErrorExtensions>> {
  return (isResponse(failure) && !failure.ok && (await bodyOf(failure)).errors?.[0]?.extensions) || {};
}
