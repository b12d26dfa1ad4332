import type { ClientInfo } from '../shared/client-info.js';
import type { Clock } from '../shared/clock.js';
import { orUnavailable, type AttemptCounting, type CountedAttempt } from './attempt-counting.js';
import { TRUSTED_MS, type AttemptStore, type LimitState } from './attempt-store.js';
import { loginKeys, passwordChangeKey } from './limit-keys.js';
import type { Bucket } from './limit.js';

export interface LimitSettings {
  /** Failed attempts before delays begin: for one account, from one client address, and for the pair of both. */
  readonly perAccount: number;
  readonly perAddress: number;
  readonly perPair: number;
  /** The longest delay between two attempts. */
  readonly maxDelaySeconds: number;
}

export interface LoginLimits {
  /** `email` is normalized. Whether it has an account does not matter. @throws Failure RATE_LIMITED, SERVICE_UNAVAILABLE */
  login(email: string, clientInfo: ClientInfo): Promise<CountedAttempt>;
  /** Whether this client logged in to the account within 30 days, from this network. @throws Failure SERVICE_UNAVAILABLE */
  isTrusted(email: string, clientInfo: ClientInfo): Promise<boolean>;
  /** For the current password of `changePassword`. @throws Failure RATE_LIMITED, SERVICE_UNAVAILABLE */
  passwordChange(accountId: string, clientInfo: ClientInfo): Promise<CountedAttempt>;
  /**
   * For a request with several logins, which is rejected. Counts for the client address, and for no account: nobody can use up
   * the attempts of others without a password. @throws Failure RATE_LIMITED, SERVICE_UNAVAILABLE
   */
  severalLogins(clientInfo: ClientInfo): Promise<void>;
}

const MINUTE_MS = 60_000;

/**
 * Limits attempts to guess passwords. Attempts beyond the free ones are delayed for 1, 2, 4 … seconds. A client that logged
 * in to this account within 30 days, from this network, has a limit of its own, so that attempts from elsewhere do not lock
 * the owner out.
 */
export function loginLimits(
  settings: LimitSettings,
  counting: AttemptCounting,
  store: Pick<AttemptStore, 'read' | 'takeBack' | 'succeed'>,
  clock: Clock,
): LoginLimits {
  const ofAddress = (key: string): Bucket => ({ key, free: settings.perAddress, refundMs: MINUTE_MS });

  return {
    async login(email, clientInfo) {
      const keys = loginKeys(email, clientInfo.ipAddress);
      const pair = { key: keys.pair, free: settings.perPair, refundMs: 15 * MINUTE_MS };
      const others = [
        { key: keys.account, free: settings.perAccount, refundMs: 15 * MINUTE_MS },
        ofAddress(keys.address),
      ];
      return attempt(pair, others, clientInfo);
    },
    async isTrusted(email, { ipAddress }) {
      const [state] = await orUnavailable(store.read([loginKeys(email, ipAddress).pair]));
      return hasSucceeded(state, clock.nowMs());
    },
    passwordChange: (accountId, clientInfo) =>
      attempt({ key: passwordChangeKey(accountId), free: settings.perPair, refundMs: 15 * MINUTE_MS }, [], clientInfo),
    async severalLogins(clientInfo) {
      await counting.count([[ofAddress(loginKeys('', clientInfo.ipAddress).address)]], clientInfo);
    },
  };

  /** A success clears the own bucket, and from then on that bucket alone limits the client. */
  async function attempt(own: Bucket, others: readonly Bucket[], clientInfo: ClientInfo): Promise<CountedAttempt> {
    const { groups, takeBack } = await counting.count([[own, ...others]], clientInfo, (states, nowMs) => {
      return [hasSucceeded(states.get(own.key), nowMs) ? [own] : [own, ...others]];
    });
    const keys = groups.flat().map(({ key }) => key);
    return {
      async succeed({ client }) {
        // The key of the pair is the last one in the order in which `count` locks the rows.
        await store.takeBack(
          client,
          keys.filter((key) => key !== own.key),
        );
        await store.succeed(client, own.key, clock.nowMs());
      },
      takeBack,
    };
  }
}

function hasSucceeded(state: LimitState | undefined, nowMs: number): boolean {
  return state?.succeededAtMs != null && nowMs - Number(state.succeededAtMs) < TRUSTED_MS;
}
