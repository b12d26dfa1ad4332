import { randomInt } from 'node:crypto';
import { v7 } from 'uuid';
import type { Clock } from './clock.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export type NewId = () => string;

/**
 * Creates UUIDv7s (RFC 9562) in increasing order, within one millisecond too. New rows go to the end of the index, and a
 * list ordered by id is ordered by age.
 */
export function idGenerator(clock: Clock): NewId {
  let lastMs = 0;
  let sequence = 0;
  return () => {
    const nowMs = clock.nowMs();
    sequence = nowMs > lastMs ? randomInt(2 ** 30) : sequence + 1;
    lastMs = Math.max(lastMs, nowMs);
    return v7({ msecs: lastMs, seq: sequence });
  };
}

/** Every id that was created at this time or later is greater, every earlier one less. */
export function leastIdOf(ms: number): string {
  const hex = Math.max(0, ms).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** Whether the text has the form of an id: a UUID in lower case, with hyphens. */
export function isId(text: string): boolean {
  return UUID.test(text);
}
