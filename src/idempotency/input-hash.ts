import { createHash } from 'node:crypto';

/** A hash of an input. The order of fields has no effect, and a field that is null is like one that is missing. */
export function inputHash(input: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(input, (_name, value: unknown) => (isObject(value) ? sorted(value) : value)))
    .digest('base64url');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(value: object): object {
  const given = Object.entries(value).filter(([, field]) => field != null);
  return Object.fromEntries(given.sort(([one], [other]) => (one < other ? -1 : 1)));
}
