import { LRUCache } from 'lru-cache';

const MOST_REMEMBERED = 1000;
const MOST_CHARACTERS = 4_000_000;

/**
 * Operations, by their text, that operation authorization found to be protected. A later request for one of them without
 * a valid auth token can be rejected before it reaches Apollo.
 */
export interface KnownOperations {
  /** Records a valid document whose operation of this name is protected, whatever its variables. */
  add(source: string, operationName: string | undefined): void;
  /** Whether the body is a well-formed request for a recorded operation. False in case of doubt. */
  matches(body: unknown): boolean;
}

export function knownOperations(): KnownOperations {
  const known = new LRUCache<string, true>({
    max: MOST_REMEMBERED,
    maxSize: MOST_CHARACTERS,
    sizeCalculation: (_value, key) => key.length,
  });
  return {
    add(source, operationName) {
      known.set(keyOf(source, operationName), true);
    },
    matches(body) {
      if (!isObject(body)) return false;
      const { query, operationName, variables, extensions } = body;
      if (typeof query !== 'string' || extensions != null) return false;
      if (operationName != null && typeof operationName !== 'string') return false;
      if (variables != null && !isObject(variables)) return false;
      return known.has(keyOf(query, operationName));
    },
  };
}

/** The name of an operation cannot contain a line break. */
function keyOf(source: string, operationName: string | null | undefined): string {
  return `${operationName ?? ''}\n${source}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
