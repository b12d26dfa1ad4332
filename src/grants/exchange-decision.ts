import type { SessionRow } from '../sessions/session-row.js';
import { NO_KEY, recordedExchange, type RecordedExchanges } from '../sessions/exchange-keys.js';

/** The part of a session row that the decision depends on. Times are in milliseconds. */
export interface ExchangeState extends RecordedExchanges {
  /** The refresh tokens of lower generations are void. */
  readonly cutGeneration: number;
  readonly rotatedAtMs: number;
  /** When the current refresh token was first seen in use; null if it was not. */
  readonly confirmedAtMs: number | null;
}

export interface Decision {
  readonly outcome: 'rotate' | 'repeat' | 'superseded' | 'reuse';
  /** Why. For the log only: a client must not learn it. */
  readonly cause: string;
}

export function exchangeStateOf(row: SessionRow): ExchangeState {
  const { generation, exchangeKeys, exchangeKeysGeneration, cutGeneration, rotatedAt, confirmedAt } = row;
  return {
    generation,
    exchangeKeys,
    exchangeKeysGeneration,
    cutGeneration,
    rotatedAtMs: rotatedAt.getTime(),
    confirmedAtMs: confirmedAt && confirmedAt.getTime(),
  };
}

/**
 * What happens to an authentic refresh token of `generation`, presented with the key of this hash, if its session is
 * neither revoked nor expired. docs/protocol.md states the rule; model/ explores it with this very function.
 */
export function decideExchange(
  row: ExchangeState,
  generation: number,
  keyHash: string,
  nowMs: number,
  graceMs: number,
): Decision {
  if (generation < row.cutGeneration) {
    return { outcome: 'superseded', cause: 'the token is from before a change that voided all earlier tokens' };
  }
  if (generation === row.generation) return { outcome: 'rotate', cause: 'the token is the current one' };

  const recorded = recordedExchange(row, generation);
  const isUnrecorded = recorded === 'unrecorded';
  const isSameExchange = recorded === keyHash || isUnrecorded;
  const isJustRotated = Math.abs(nowMs - row.rotatedAtMs) <= graceMs;
  const isJustSeen = row.confirmedAtMs === null || Math.abs(nowMs - row.confirmedAtMs) <= graceMs;

  if (generation === row.generation - 1 && (isSameExchange ? isJustSeen : isJustRotated)) {
    return { outcome: 'repeat', cause: 'the token was exchanged, and its successor may not have arrived' };
  }
  if (isSameExchange && (keyHash !== NO_KEY || isJustRotated || isUnrecorded)) {
    return { outcome: 'superseded', cause: 'the request belongs to an exchange that is complete' };
  }
  if (recorded === undefined) return { outcome: 'reuse', cause: 'the token was exchanged too many exchanges ago' };
  if (isSameExchange) return { outcome: 'reuse', cause: 'the token was exchanged, and its successor has been seen' };
  return { outcome: 'reuse', cause: 'the token was exchanged with another key' };
}
