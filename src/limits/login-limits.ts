import { createHash } from 'node:crypto';
import type { Database } from '../database/client.js';
import type { Transaction } from '../database/transaction.js';
import { Failure } from '../errors/failure.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import { TRUSTED_MS, type AttemptStore, type Bucket, type BucketState } from './attempt-store.js';
import { clientNetwork } from './client-network.js';

export interface LimitSettings {
  /** Failed attempts before delays begin: for one account, from one client address, and for the pair of both. */
  readonly perAccount: number;
  readonly perAddress: number;
  readonly perPair: number;
  /** The longest delay between two attempts. */
  readonly maxDelaySeconds: number;
}

/** An attempt that was counted before the password is verified. It stays counted if the password is wrong. */
export interface CountedAttempt {
  /** In the transaction of what the right password allows: the attempt does not count, and clears what it can. */
  succeed(transaction: Transaction): Promise<void>;
  /** The password was not verified, for example because the server was overloaded: the attempt does not count. */
  takeBack(): Promise<void>;
}

export interface LoginLimits {
  /** `email` is normalized. Whether it has an account does not matter. @throws Failure RATE_LIMITED, SERVICE_UNAVAILABLE */
  login(email: string, clientInfo: ClientInfo): Promise<CountedAttempt>;
  /** For the current password of `changePassword`. @throws Failure RATE_LIMITED, SERVICE_UNAVAILABLE */
  passwordChange(accountId: string, clientInfo: ClientInfo): Promise<CountedAttempt>;
}

const MINUTE_MS = 60_000;

/**
 * Limits attempts to guess passwords, on the database, so that all processes share the limits and a restart changes
 * nothing. Attempts beyond the free ones are delayed for 1, 2, 4 … seconds. An attempt during a delay is rejected without
 * being counted. A client that logged in to this account within 30 days, from this network, has a limit of its own, so
 * that attempts from elsewhere do not lock the owner out.
 */
export function loginLimits(
  settings: LimitSettings,
  database: Database,
  store: AttemptStore,
  clock: Clock,
  logger: Logger,
): LoginLimits {
  return {
    async login(email, clientInfo) {
      const keys = loginKeys(email, clientInfo.ipAddress);
      const pair = { key: keys.pair, free: settings.perPair, refundMs: 15 * MINUTE_MS };
      const others = [
        { key: keys.account, free: settings.perAccount, refundMs: 15 * MINUTE_MS },
        { key: keys.address, free: settings.perAddress, refundMs: MINUTE_MS },
      ];
      return attemptOrUnavailable(pair, others, clientInfo);
    },
    passwordChange: (accountId, clientInfo) =>
      attemptOrUnavailable(
        { key: `change:${accountId}`, free: settings.perPair, refundMs: 15 * MINUTE_MS },
        [],
        clientInfo,
      ),
  };

  /** Whatever is wrong with the storage, no password is verified without being counted. */
  async function attemptOrUnavailable(...parts: Parameters<typeof attempt>): Promise<CountedAttempt> {
    try {
      return await attempt(...parts);
    } catch (error) {
      if (error instanceof Failure) throw error;
      throw new Failure('SERVICE_UNAVAILABLE', { cause: error });
    }
  }

  async function attempt(own: Bucket, others: readonly Bucket[], clientInfo: ClientInfo): Promise<CountedAttempt> {
    const nowMs = clock.nowMs();
    const states = await store.read([own, ...others].map(({ key }) => key));
    const succeededAtMs = states.find(({ key }) => key === own.key)?.succeededAtMs;
    const isTrusted = succeededAtMs != null && nowMs - Number(succeededAtMs) < TRUSTED_MS;
    const buckets = isTrusted ? [own] : [own, ...others];
    rejectDelayed(buckets, states, nowMs, clientInfo);

    const keys = buckets.map(({ key }) => key);
    const counted = await store.count(buckets, nowMs);
    // Another attempt at the same moment was faster.
    if (counted.length < buckets.length) rejectDelayed(buckets, await store.read(keys), nowMs, clientInfo);
    return {
      async succeed({ client }) {
        // The key of the pair is the last one in the order in which `count` locks the rows.
        await store.takeBack(client, keys.slice(1));
        await store.succeed(client, own.key, clock.nowMs());
      },
      async takeBack() {
        try {
          await store.takeBack(database, keys);
        } catch (error) {
          logger.warn({ err: error }, 'an attempt that was not made stays counted');
        }
      },
    };
  }

  function rejectDelayed(
    buckets: readonly Bucket[],
    states: readonly Pick<BucketState, 'key' | 'allowedAtMs'>[],
    nowMs: number,
    clientInfo: ClientInfo,
  ): void {
    const waitsMs = states
      .filter(({ key }) => buckets.some((bucket) => bucket.key === key))
      .map(({ key, allowedAtMs }) => ({ key, waitMs: Number(allowedAtMs) - nowMs }))
      .filter(({ waitMs }) => waitMs <= settings.maxDelaySeconds * 1000); // otherwise the clock was set back
    const longest = waitsMs.sort((one, other) => other.waitMs - one.waitMs)[0];
    if (!longest || longest.waitMs <= 0) return;
    const retryAfterSeconds = Math.ceil(longest.waitMs / 1000);
    const [limit] = longest.key.split(':');
    logger.info({ event: 'attempt.rate_limited', limit, retryAfterSeconds, ...clientInfo }, 'an attempt was rejected');
    throw new Failure('RATE_LIMITED', { retryAfterSeconds });
  }
}

/** The keys of the buckets of a login. They contain a hash of the e-mail address, which may be anybody's. */
export function loginKeys(email: string, ipAddress: string): Record<'account' | 'address' | 'pair', string> {
  const [name, network] = [nameOf(email), clientNetwork(ipAddress)];
  return { account: `account:${name}`, address: addressKey(ipAddress), pair: `pair:${name}:${network}` };
}

export function addressKey(ipAddress: string): string {
  return `address:${clientNetwork(ipAddress)}`;
}

/** What the keys of all buckets begin with that concern this e-mail address. */
export function accountPrefixes(email: string): string[] {
  return [`account:${nameOf(email)}`, `pair:${nameOf(email)}:`];
}

function nameOf(email: string): string {
  return createHash('sha256').update(email).digest('base64url').slice(0, 22);
}
