import { LRUCache } from 'lru-cache';

const MOST_REMEMBERED = 1000;
const MOST_CHARACTERS = 4_000_000;

/**
 * Operations, by their text, of which the gate has found that they need a viewer. A request without one that names such
 * an operation again can be refused at once, without going the way of an operation that may run.
 */
export interface KnownOperations {
  /** Notes a valid document whose operation of this name is refused without a viewer, whatever its variables. */
  note(source: string, operationName: string | undefined): void;
  /** Whether the body is a well-formed request for an operation noted. False for everything that is in doubt. */
  matches(body: unknown): boolean;
}

export function knownOperations(): KnownOperations {
  const noted = new LRUCache<string, true>({
    max: MOST_REMEMBERED,
    maxSize: MOST_CHARACTERS,
    sizeCalculation: (_value, key) => key.length,
  });
  return {
    note(source, operationName) {
      noted.set(keyOf(source, operationName), true);
    },
    matches(body) {
      if (!isObject(body)) return false;
      const { query, operationName, variables, extensions } = body;
      if (typeof query !== 'string' || extensions != null) return false;
      if (operationName != null && typeof operationName !== 'string') return false;
      if (variables != null && !isObject(variables)) return false;
      return noted.has(keyOf(query, operationName));
    },
  };
}

/** A name of an operation holds no line break. */
function keyOf(source: string, operationName: string | null | undefined): string {
  return `${operationName ?? ''}\n${source}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
