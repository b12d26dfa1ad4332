import { createHash } from 'node:crypto';

/**
 * The hashes of the idempotency keys of a session's last exchanges, newest first, without a separator. A session row keeps
 * them, so that the server can tell a late request of the client that began an exchange from anybody else's.
 */
export type ExchangeKeys = string;

const LENGTH = 11;
/** How many exchanges a row records. A request that is overtaken by more of them counts as reuse. */
const RECORDED_EXCHANGES = 16;

/** The hash of a request without a key. Its length is that of every other hash. */
export const NO_KEY = '-'.repeat(LENGTH);
/** Stands for an exchange that was not recorded: a version of the server that does not know this column made it. */
const UNRECORDED = '?'.repeat(LENGTH);

/** The hash of an idempotency key: 66 bits, salted for each session. */
export function exchangeKeyHash(idempotencyKey: string | undefined, salt: Uint8Array): string {
  if (idempotencyKey === undefined) return NO_KEY;
  return createHash('sha256').update(salt).update(idempotencyKey).digest('base64url').slice(0, LENGTH);
}

/** The part of a session row that records its exchanges. */
export interface RecordedExchanges {
  readonly generation: number;
  readonly exchangeKeys: ExchangeKeys;
  /** The generation that `exchangeKeys` was written for. It is lower if another version of the server rotated since. */
  readonly exchangeKeysGeneration: number;
}

/** What the row records about the exchange of the token of `generation`: a hash, 'unrecorded', or undefined if it is too old. */
export function recordedExchange(row: RecordedExchanges, generation: number): string | undefined {
  const exchangesSince = row.exchangeKeysGeneration - 1 - generation;
  if (exchangesSince < 0) return 'unrecorded';
  const hash = row.exchangeKeys.slice(exchangesSince * LENGTH, (exchangesSince + 1) * LENGTH);
  return hash === UNRECORDED ? 'unrecorded' : hash || undefined;
}

/** The value of `exchangeKeys` after an exchange of the current token with this key. */
export function withExchange(row: RecordedExchanges, keyHash: string): ExchangeKeys {
  const unrecorded = Math.min(row.generation - row.exchangeKeysGeneration, RECORDED_EXCHANGES);
  return (keyHash + UNRECORDED.repeat(unrecorded) + row.exchangeKeys).slice(0, RECORDED_EXCHANGES * LENGTH);
}
