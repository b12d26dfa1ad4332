import { LRUCache } from 'lru-cache';

const MOST_OPERATIONS = 1000;
const MOST_CHARACTERS = 4_000_000;

/** How the access log names an operation. */
export interface KnownOperation {
  readonly name: string | undefined;
}

/**
 * Operations, by their text, that operation authorization found to be protected. A later request for one of them without
 * a valid auth token can be rejected before it reaches Apollo.
 */
export interface KnownOperations {
  /** Records a valid document whose operation of this name is protected, whatever its variables. */
  add(source: string, operationName: string | undefined, loggedName?: string): void;
  /** The recorded operation for which the body is a well-formed request. Undefined in case of doubt. */
  find(body: unknown): KnownOperation | undefined;
}

export function knownOperations(): KnownOperations {
  const known = new LRUCache<string, KnownOperation>({
    max: MOST_OPERATIONS,
    maxSize: MOST_CHARACTERS,
    sizeCalculation: (_value, key) => key.length,
  });
  return {
    add(source, operationName, name) {
      known.set(keyOf(source, operationName), { name });
    },
    find(body) {
      if (!isObject(body)) return undefined;
      const { query, operationName, variables, extensions } = body;
      if (typeof query !== 'string' || extensions != null) return undefined;
      if (operationName != null && typeof operationName !== 'string') return undefined;
      if (variables != null && !isObject(variables)) return undefined;
      return known.get(keyOf(query, operationName));
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
