import type { AccountStore } from '../accounts/account-store.js';
import { mayLogIn } from '../accounts/may-log-in.js';
import type { Clock } from '../shared/clock.js';
import { Failure } from '../errors/failure.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { RefreshKey } from '../keys/key-ring.js';
import { withExchange } from '../sessions/exchange-keys.js';
import type { SessionStore } from '../sessions/session-store.js';
import type { SessionRow } from '../sessions/session-row.js';
import type { IssuedTokens, IssueTokens } from './token-issuance.js';
import type { SessionSettings } from '../sessions/session-expiry.js';

export interface SessionRotation {
  /** Rotates a session and issues its next pair; undefined if it was rotated, revoked or expired meanwhile. */
  rotate(
    session: SessionRow,
    refreshKey: RefreshKey,
    keyHash: string,
    clientInfo: ClientInfo,
  ): Promise<IssuedTokens | undefined>;
  /** Issues the pair of the current generation again. @throws Failure REFRESH_TOKEN_REVOKED if the account may not log in */
  repeat(session: SessionRow, refreshKey: RefreshKey): Promise<IssuedTokens>;
}

export function sessionRotation(
  settings: SessionSettings,
  store: SessionStore,
  accounts: AccountStore,
  issueTokens: IssueTokens,
  clock: Clock,
): SessionRotation {
  return {
    async rotate(session, refreshKey, keyHash, clientInfo) {
      const nowMs = clock.nowMs();
      const now = new Date(nowMs);
      const idleExpiresAt = new Date(nowMs + settings.idleSeconds * 1000);
      const { id: sessionId, generation } = session;
      const exchangeKeys = withExchange(session, keyHash);
      const rotation = { sessionId, generation, exchangeKeys, now, idleExpiresAt, clientInfo };
      if (!(await store.rotate(rotation))) return undefined;
      const { ipAddress, userAgent = null } = clientInfo;
      const moved = { ...session, generation: generation + 1, rotatedAt: now, idleExpiresAt, ipAddress, userAgent };
      return repeat(moved, refreshKey);
    },
    repeat,
  };

  async function repeat(session: SessionRow, refreshKey: RefreshKey): Promise<IssuedTokens> {
    const account = await accounts.find(session.accountId);
    if (!account) throw new Failure('REFRESH_TOKEN_REVOKED', { cause: 'the account was deleted' });
    if (!mayLogIn(account)) throw new Failure('REFRESH_TOKEN_REVOKED', { cause: 'the account may not log in' });
    return issueTokens(session, account, refreshKey);
  }
}
