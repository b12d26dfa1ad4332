import { randomBytes } from 'node:crypto';
import type { RecordEvents } from '../events/security-events.js';
import { insertRows } from '../database/insert-rows.js';
import type { Transaction } from '../database/transaction.js';
import type { Clock } from '../shared/clock.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { NewId } from '../shared/id.js';
import { activeRefreshKey, type KeyRing, type RefreshKey } from '../keys/key-ring.js';
import type { RevokeSessions } from './session-revocation.js';
import { clientFamiliarity, type ClientFamiliarity } from './client-familiarity.js';
import type { SessionRow } from './session-row.js';
import type { SessionSettings } from './session-expiry.js';

export interface OpenedSession {
  readonly session: SessionRow;
  readonly refreshKey: RefreshKey;
}

export interface NewSession extends OpenedSession {
  readonly familiarity: ClientFamiliarity;
}

/** Opens a session for an authenticated account. If the account then has too many, its oldest sessions are revoked. */
export type OpenSession = (
  transaction: Transaction,
  accountId: string,
  deviceName: string | undefined,
  clientInfo: ClientInfo,
) => Promise<NewSession>;

const SALT_BYTES = 16;
/** SQLite accepts OFFSET only with a LIMIT. */
const ALL = 2 ** 31 - 1;

export interface SessionOpeningParts {
  readonly settings: SessionSettings;
  readonly revokeSessions: RevokeSessions;
  readonly record: RecordEvents;
  readonly ring: () => KeyRing;
  readonly clock: Clock;
  readonly newId: NewId;
}

export function sessionOpening({
  settings,
  revokeSessions,
  record,
  ring,
  clock,
  newId,
}: SessionOpeningParts): OpenSession {
  return async (transaction, accountId, deviceName, clientInfo) => {
    const { client } = transaction;
    const nowMs = clock.nowMs();
    const now = new Date(nowMs);
    const surplus = await client.$queryRaw<{ id: string }[]>`
      SELECT "id" FROM "Session"
      WHERE "accountId" = ${accountId} AND "endedAt" IS NULL AND "idleExpiresAt" > ${now} AND "expiresAt" > ${now}
      ORDER BY "id" DESC LIMIT ${ALL} OFFSET ${settings.limit - 1}`;
    if (surplus.length > 0) {
      await revokeSessions(
        transaction,
        { accountId, sessionIds: surplus.map(({ id }) => id) },
        'SESSION_LIMIT',
        clientInfo,
      );
    }
    const refreshKey = activeRefreshKey(ring(), Math.floor(nowMs / 1000));
    const session: SessionRow = {
      id: newId(),
      accountId,
      generation: 1,
      salt: randomBytes(SALT_BYTES),
      refreshKeyId: refreshKey.kid,
      rotatedAt: now,
      confirmedAt: null,
      exchangeKeys: '',
      exchangeKeysGeneration: 1,
      cutGeneration: 0,
      cutAt: null,
      idleExpiresAt: new Date(nowMs + settings.idleSeconds * 1000),
      expiresAt: new Date(nowMs + settings.maxSeconds * 1000),
      endedAt: null,
      deviceName: deviceName?.trim() || null,
      userAgent: clientInfo.userAgent ?? null,
      ipAddress: clientInfo.ipAddress,
      createdAt: now,
      authenticatedAt: now,
    };
    const familiarity = await clientFamiliarity(transaction, accountId, clientInfo, nowMs);
    await insertRows(client, 'Session', [session]);
    const kind = familiarity === 'known' ? 'LOGGED_IN' : 'LOGGED_IN_ON_NEW_DEVICE';
    const { deviceName: name } = session;
    await record(transaction, accountId, [
      { kind, sessionId: session.id, ...clientInfo, detail: name ? { deviceName: name } : undefined },
    ]);
    return { session, refreshKey, familiarity };
  };
}
