import { randomInt } from 'node:crypto';
import { v7 } from 'uuid';
import type { Clock } from './clock.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export type NewId = () => string;

/**
 * Makes UUIDv7s (RFC 9562) whose order is the order of creation, within one millisecond too: new rows land at the end
 * of the index, and a list by id is a list by age.
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

/** Whether the text has the form of an id of ours: lower case, with hyphens. */
export function isId(text: string): boolean {
  return UUID.test(text);
}
