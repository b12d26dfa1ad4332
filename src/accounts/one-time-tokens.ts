import { NIL } from 'uuid';
import type { Database } from '../database/client.js';
import type { Prisma } from '../database/generated/client.js';
import type { OneTimeTokenPurpose } from '../database/generated/enums.js';
import type { Transaction } from '../database/transaction.js';
import { Failure } from '../errors/failure.js';
import { activeRefreshKey, type KeyRing } from '../keys/key-ring.js';
import type { Clock } from '../shared/clock.js';
import type { NewId } from '../shared/id.js';
import {
  deriveOneTimeCode,
  deriveOneTimeToken,
  isAuthenticOneTimeToken,
  isOneTimeCode,
  parseOneTimeToken,
} from '../tokens/one-time-token.js';

const FIELDS = {
  id: true,
  purpose: true,
  email: true,
  accountId: true,
  signUpId: true,
  sessionId: true,
  keyId: true,
  createdAt: true,
  expiresAt: true,
} satisfies Prisma.OneTimeTokenSelect;

export type OneTimeTokenRow = Prisma.OneTimeTokenGetPayload<{ select: typeof FIELDS }>;

export interface OneTimeTokenToIssue {
  readonly purpose: OneTimeTokenPurpose;
  /** Normalized. Where the mail goes, and what a person types together with the code. */
  readonly email: string;
  /** What the token is for. With neither: nothing, but the same rows are written as for an address with an account. */
  readonly accountId?: string | undefined;
  readonly signUpId?: string | undefined;
  readonly sessionId?: string | undefined;
  /** If an operator chose it. */
  readonly lifetimeSeconds?: number | undefined;
}

/** The one module of one-time tokens. A token is active until it is used, superseded or expired. */
export interface OneTimeTokens {
  /**
   * Issues a token and supersedes the active ones that are for the same, except those that undo something. Resolves to its id,
   * for the outbox.
   */
  issue(transaction: Transaction, token: OneTimeTokenToIssue): Promise<string>;
  /** The active token of a link. */
  findByLink(purpose: OneTimeTokenPurpose, token: string): Promise<OneTimeTokenRow | undefined>;
  /** The active tokens of an address, newest first, one of which a code may belong to. */
  findCandidates(purpose: OneTimeTokenPurpose, email: string): Promise<OneTimeTokenRow[]>;
  /** Whether this is the code of the token. Count the attempt before: a code has only 40 bits. */
  hasCode(row: OneTimeTokenRow, code: string): boolean;
  /** Takes as long as `hasCode`, for the case that there is no token. */
  hasNoCode(code: string): void;
  findActive(id: string): Promise<OneTimeTokenRow | undefined>;
  /** The active tokens of a purpose, oldest first. */
  listActive(purpose: OneTimeTokenPurpose): Promise<OneTimeTokenRow[]>;
  /**
   * Uses a token. Of several requests one succeeds. With `signUpId`, it is deleted together with this sign-up.
   * @throws Failure ONE_TIME_TOKEN_INVALID
   */
  consume(transaction: Transaction, id: string, signUpId?: string): Promise<void>;
  /**
   * Voids the tokens of an account after its password or address was changed, except those that undo something. With
   * `undoneBy`, the token that undid such a change: also those that undo later ones, because whoever changed the address has
   * them.
   */
  supersedeAll(transaction: Transaction, accountId: string, undoneBy?: string): Promise<void>;
  /** Voids the tokens of one purpose. */
  supersede(transaction: Transaction, accountId: string, purpose: OneTimeTokenPurpose): Promise<void>;
  /** Voids the tokens of an address, and resolves to their number. */
  supersedeOf(transaction: Transaction, purpose: OneTimeTokenPurpose, email: string): Promise<number>;
  /** The token for a link, and the code. Undefined if the key ring does not have the secret any more. */
  secretsOf(row: Pick<OneTimeTokenRow, 'id' | 'keyId'>): { readonly token: string; readonly code: string } | undefined;
  /** Whether an address may become somebody else's: not while its previous owner can undo a change. */
  isReserved(email: string, exceptAccountId?: string): Promise<boolean>;
}

const HOUR_SECONDS = 3600;
const LIFETIME_SECONDS: Readonly<Record<OneTimeTokenPurpose, number>> = {
  VERIFY_EMAIL: 24 * HOUR_SECONDS,
  RESET_PASSWORD: HOUR_SECONDS,
  CHANGE_EMAIL: 24 * HOUR_SECONDS,
  UNDO_EMAIL_CHANGE: 72 * HOUR_SECONDS,
  REVOKE_SESSION: 7 * 24 * HOUR_SECONDS,
  INVITATION: 7 * 24 * HOUR_SECONDS,
};
/** Neither a thief who changes the password or the address nor another mail may void the owner's way back. */
const UNDOING: OneTimeTokenPurpose[] = ['UNDO_EMAIL_CHANGE', 'REVOKE_SESSION'];
/** A code is compared with so many tokens at most, the newest. The limit of mails is far below. */
const MOST_CANDIDATES = 50;

export function oneTimeTokens(database: Database, ring: () => KeyRing, clock: Clock, newId: NewId): OneTimeTokens {
  const { oneTimeToken } = database;

  function whereActive(): Prisma.OneTimeTokenWhereInput {
    return { usedAt: null, supersededAt: null, expiresAt: { gt: new Date(clock.nowMs()) } };
  }

  const findActive = async (id: string) =>
    (await oneTimeToken.findFirst({ where: { id, ...whereActive() }, select: FIELDS })) ?? undefined;

  return {
    async issue({ client }, { purpose, email, accountId, signUpId, sessionId, lifetimeSeconds }) {
      const nowMs = clock.nowMs();
      const createdAt = new Date(nowMs);
      // A mail that has no sign-up must not void the links of those that the address has.
      const same = signUpId ? { signUpId } : accountId ? { accountId } : { accountId: null, signUpId: null, email };
      if (!UNDOING.includes(purpose)) {
        await client.oneTimeToken.updateMany({
          where: { purpose, ...same, sessionId: sessionId ?? null, ...whereActive() },
          data: { supersededAt: createdAt },
        });
      }
      const row = {
        id: newId(),
        purpose,
        email,
        accountId: accountId ?? null,
        signUpId: signUpId ?? null,
        sessionId: sessionId ?? null,
        keyId: activeRefreshKey(ring(), Math.floor(nowMs / 1000)).kid,
        createdAt,
        expiresAt: new Date(nowMs + (lifetimeSeconds ?? LIFETIME_SECONDS[purpose]) * 1000),
      };
      await client.oneTimeToken.create({ data: row });
      return row.id;
    },

    async findByLink(purpose, token) {
      const parts = parseOneTimeToken(token);
      const row = parts && (await findActive(parts.id));
      const key = row && ring().refreshKeys.get(row.keyId);
      return key && row.purpose === purpose && isAuthenticOneTimeToken(parts, key) ? row : undefined;
    },

    findCandidates: (purpose, email) =>
      oneTimeToken.findMany({
        where: { purpose, email, ...whereActive() },
        orderBy: { id: 'desc' },
        take: MOST_CANDIDATES,
        select: FIELDS,
      }),

    hasCode({ id, keyId }, code) {
      const key = ring().refreshKeys.get(keyId);
      return key !== undefined && isOneTimeCode(code, id, key);
    },

    hasNoCode: (code) => void isOneTimeCode(code, NIL, activeRefreshKey(ring(), Math.floor(clock.nowMs() / 1000))),

    findActive,

    listActive: (purpose) =>
      oneTimeToken.findMany({ where: { purpose, ...whereActive() }, orderBy: { id: 'asc' }, select: FIELDS }),

    async consume({ client }, id, signUpId) {
      const data = { usedAt: new Date(clock.nowMs()), signUpId };
      const { count } = await client.oneTimeToken.updateMany({ where: { id, ...whereActive() }, data });
      if (count === 0) throw new Failure('ONE_TIME_TOKEN_INVALID');
    },

    async supersedeAll({ client }, accountId, undoneBy) {
      const later = undoneBy === undefined ? [] : [{ purpose: 'UNDO_EMAIL_CHANGE' as const, id: { gt: undoneBy } }];
      await client.oneTimeToken.updateMany({
        where: { accountId, OR: [{ purpose: { notIn: UNDOING } }, ...later], ...whereActive() },
        data: { supersededAt: new Date(clock.nowMs()) },
      });
      await client.account.updateMany({
        where: { id: accountId, pendingEmail: { not: null } },
        data: { pendingEmail: null },
      });
    },

    async supersede({ client }, accountId, purpose) {
      const data = { supersededAt: new Date(clock.nowMs()) };
      await client.oneTimeToken.updateMany({ where: { accountId, purpose, ...whereActive() }, data });
    },

    async supersedeOf({ client }, purpose, email) {
      const data = { supersededAt: new Date(clock.nowMs()) };
      return (await client.oneTimeToken.updateMany({ where: { purpose, email, ...whereActive() }, data })).count;
    },

    secretsOf({ id, keyId }) {
      const key = ring().refreshKeys.get(keyId);
      return key && { token: deriveOneTimeToken(id, key), code: deriveOneTimeCode(id, key) };
    },

    async isReserved(email, exceptAccountId) {
      const accountId = exceptAccountId === undefined ? undefined : { not: exceptAccountId };
      const where = { email, accountId, purpose: 'UNDO_EMAIL_CHANGE' as const, ...whereActive() };
      return (await oneTimeToken.findFirst({ where, select: { id: true } })) !== null;
    },
  };
}
