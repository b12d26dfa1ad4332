import { randomBytes } from 'node:crypto';
import type { Authenticator } from '../accounts/authenticator.js';
import type { Account, AccountStore } from '../accounts/account-store.js';
import type { Config } from '../config.js';
import type { Clock } from '../shared/clock.js';
import { Failure } from '../shared/failure.js';
import type { NewId } from '../shared/id.js';
import { activeRefreshKey, type KeyRing } from './key-ring.js';
import type { EndSessions } from './session-ending.js';
import type { SessionStore } from './session-store.js';
import type { MintedPair, MintTokenPair } from './token-minting.js';

/** Where a request came from, as far as the server can tell. */
export interface Origin {
  readonly ipAddress: string;
  readonly userAgent: string | undefined;
}

export interface Credentials {
  readonly email: string;
  readonly password: string;
  readonly deviceName?: string | undefined;
}

export type LogIn = (credentials: Credentials, origin: Origin) => Promise<MintedPair>;

const SALT_BYTES = 16;
const MAX_USER_AGENT_LENGTH = 256;

export interface LoginParts {
  readonly authenticate: Authenticator;
  readonly settings: Config['session'];
  readonly accounts: AccountStore;
  readonly store: SessionStore;
  readonly end: EndSessions;
  readonly ring: () => KeyRing;
  readonly mint: MintTokenPair;
  readonly clock: Clock;
  readonly newId: NewId;
}

/**
 * Exchanges an e-mail address and a password for a token pair of a new session.
 * @throws Failure WRONG_EMAIL_OR_PASSWORD whatever of the two is wrong, SERVICE_UNAVAILABLE when too many log in at once
 */
export function login(parts: LoginParts): LogIn {
  const { authenticate, settings, accounts, store, end, ring, mint, clock, newId } = parts;

  return async ({ email, password, deviceName }, origin) => {
    const account = await authenticate(email, password, origin.ipAddress);
    return openSession(account, deviceName, origin);
  };

  async function openSession(account: Account, deviceName: string | undefined, origin: Origin): Promise<MintedPair> {
    const nowMs = clock.nowMs();
    const refreshKey = activeRefreshKey(ring(), Math.floor(nowMs / 1000));
    const session = {
      id: newId(),
      accountId: account.id,
      generation: 1,
      salt: randomBytes(SALT_BYTES),
      refreshKeyId: refreshKey.kid,
      rotatedAt: new Date(nowMs),
      confirmedAt: null,
      idleExpiresAt: new Date(nowMs + settings.idleSeconds * 1000),
      expiresAt: new Date(nowMs + settings.maxSeconds * 1000),
      endedAt: null,
      deviceName: deviceName?.trim() || null,
      userAgent: origin.userAgent?.slice(0, MAX_USER_AGENT_LENGTH) ?? null,
      ipAddress: origin.ipAddress,
      createdAt: new Date(nowMs),
    };
    await store.insert(session);
    // Whoever disables an account ends its sessions afterwards: one of the two sees the other.
    const current = await accounts.find(account.id);
    if (!current || current.disabledAt) {
      await end({ accountId: account.id, sessionId: session.id }, 'ACCOUNT_DISABLED');
      throw new Failure('WRONG_EMAIL_OR_PASSWORD');
    }
    return mint(session, current, refreshKey);
  }
}
