import type { Database } from '../database/client.js';
import type { Transaction } from '../database/transaction.js';
import { Failure } from '../errors/failure.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import type { AttemptStore, LimitState } from './attempt-store.js';
import { isQuota, type Limit } from './limit.js';

/** An attempt that was counted before a secret is verified. It stays counted if the secret is wrong. */
export interface CountedAttempt {
  /** In the transaction of what the right secret allows: the attempt does not count. */
  succeed(transaction: Transaction): Promise<void>;
  /** The secret was not verified, for example because the server was overloaded: the attempt does not count. */
  takeBack(): Promise<void>;
}

/** Limits that must all allow an attempt. */
export type LimitGroup = readonly Limit[];

export interface AttemptInGroups extends CountedAttempt {
  /** The groups that allowed the attempt, at least one. */
  readonly groups: readonly LimitGroup[];
}

export interface AttemptCounting {
  /**
   * Counts an attempt in each group that allows it. `select` can choose other groups of the same limits, by their states.
   * @throws Failure RATE_LIMITED if no group allows it, SERVICE_UNAVAILABLE if the limits cannot be read or written
   */
  count(groups: readonly LimitGroup[], clientInfo: ClientInfo, select?: SelectGroups): Promise<AttemptInGroups>;
}

export type SelectGroups = (
  states: ReadonlyMap<string, LimitState>,
  nowMs: number,
  isOpen: (group: LimitGroup) => boolean,
) => readonly LimitGroup[];

/** Selects the first group that allows the attempt. */
export function firstOpen(groups: readonly LimitGroup[]): SelectGroups {
  return (_states, _nowMs, isOpen) => {
    const first = groups.find(isOpen);
    return first ? [first] : groups;
  };
}

/**
 * Counts attempts on the database, so that all processes share the limits and a restart changes nothing. An attempt that is
 * rejected is not counted, and costs one read.
 */
export function attemptCounting(
  database: Database,
  store: AttemptStore,
  clock: Clock,
  logger: Logger,
): AttemptCounting {
  return {
    count: (...parts) => orUnavailable(count(...parts)),
  };

  async function count(
    all: readonly LimitGroup[],
    clientInfo: ClientInfo,
    select: SelectGroups = () => all,
  ): Promise<AttemptInGroups> {
    const nowMs = clock.nowMs();
    const states = await read(all);
    const isOpen = (group: LimitGroup) => longestWait(group, states, nowMs).waitMs <= 0;
    const selected = select(states, nowMs, isOpen);
    const open = selected.filter(isOpen);
    if (open.length === 0) throw rejection(selected, states, nowMs, clientInfo);

    const counted = await store.count(open.flat(), nowMs);
    const isCounted = (limit: Limit) => counted.includes(limit.key) || (isQuota(limit) && limit.isSoft === true);
    const groups = open.filter((group) => group.every(isCounted));
    // Other attempts at the same moment were faster.
    if (groups.length === 0) throw rejection(open, await read(open), nowMs, clientInfo);
    return {
      groups,
      succeed: ({ client }) => store.takeBack(client, counted),
      async takeBack() {
        try {
          await store.takeBack(database, counted);
        } catch (error) {
          logger.warn({ err: error }, 'an attempt that was not made stays counted');
        }
      },
    };
  }

  async function read(groups: readonly LimitGroup[]): Promise<Map<string, LimitState>> {
    const states = await store.read(groups.flat().map(({ key }) => key));
    return new Map(states.map((state) => [state.key, state]));
  }

  /** The limit of a group that rejects attempts for the longest time. */
  function longestWait(group: LimitGroup, states: ReadonlyMap<string, LimitState>, nowMs: number): Wait {
    const waits = group.map((limit) => {
      const waitMs = Number(states.get(limit.key)?.allowedAtMs ?? 0) - nowMs;
      return { key: limit.key, waitMs: waitMs > store.longestDelayMs(limit, nowMs) ? 0 : waitMs };
    });
    return waits.reduce((one, other) => (other.waitMs > one.waitMs ? other : one));
  }

  function rejection(
    groups: readonly LimitGroup[],
    states: ReadonlyMap<string, LimitState>,
    nowMs: number,
    clientInfo: ClientInfo,
  ): Failure {
    const soonest = groups
      .map((group) => longestWait(group, states, nowMs))
      .reduce((one, other) => (other.waitMs < one.waitMs ? other : one));
    const retryAfterSeconds = Math.max(1, Math.ceil(soonest.waitMs / 1000));
    const [limit] = soonest.key.split(':');
    logger.info({ event: 'attempt.rate_limited', limit, retryAfterSeconds, ...clientInfo }, 'an attempt was rejected');
    return new Failure('RATE_LIMITED', { retryAfterSeconds });
  }
}

interface Wait {
  readonly key: string;
  readonly waitMs: number;
}

/** Whatever is wrong with the storage, no secret is verified without being counted. */
export async function orUnavailable<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof Failure ? error : new Failure('SERVICE_UNAVAILABLE', { cause: error });
  }
}
