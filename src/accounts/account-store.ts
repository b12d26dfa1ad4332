import type { Database } from '../database/client.js';
import { columnsOf } from '../database/rows-by-id.js';
import { Prisma } from '../database/generated/client.js';
import type { Role } from '../database/generated/enums.js';
import { rowsById } from '../database/rows-by-id.js';
import type { Transaction } from '../database/transaction.js';
import { coalesceByIds } from '../database/coalesce.js';
import type { RevocationNotification } from '../revocation/revocation-notification.js';
import type { Clock } from '../shared/clock.js';
import { Failure } from '../errors/failure.js';
import type { NewId } from '../shared/id.js';
import { normalizeEmail } from './email-address.js';

const ACCOUNT_FIELDS = {
  id: true,
  email: true,
  displayName: true,
  role: true,
  emailVerifiedAt: true,
  pendingEmail: true,
  disabledAt: true,
  deletionAt: true,
  createdAt: true,
} satisfies Prisma.AccountSelect;

const WITH_HASH = { ...ACCOUNT_FIELDS, passwordHash: true } satisfies Prisma.AccountSelect;

/** An account without its password hash. */
export type Account = Prisma.AccountGetPayload<{ select: typeof ACCOUNT_FIELDS }>;

export type AccountWithHash = Account & { readonly passwordHash: string };

export interface NewAccount {
  readonly email: string;
  readonly passwordHash: string;
  readonly displayName: string;
  readonly role?: Role;
}

export interface AccountStore {
  /** One account by id. Reads of one event loop turn are one statement. */
  find(id: string): Promise<Account | undefined>;
  findByEmail(email: string): Promise<AccountWithHash | undefined>;
  withHash(id: string): Promise<AccountWithHash | null>;
  /** Hashes of the newest accounts, as a sample of the cost of stored hashes. */
  sampleHashes(): Promise<string[]>;
  list(): Promise<Account[]>;
  /**
   * Creates an account whose address is verified: an operator vouches for it, or it was a sign-up until now.
   * @throws Failure CONFLICT if another account has the address
   */
  create(account: NewAccount, transaction?: Transaction): Promise<Account>;
  /** Reads and locks an account: other writers wait until the transaction ends. */
  current(transaction: Transaction, id: string): Promise<AccountWithHash | undefined>;
  /** Replaces a hash if it is still `oldHash`. Resolves to whether it was replaced. */
  replaceHash(id: string, oldHash: string, newHash: string, transaction?: Transaction): Promise<boolean>;
  setDisplayName(transaction: Transaction, id: string, displayName: string): Promise<void>;
  /** The address that a change waits for; null: no change is pending. */
  setPendingEmail(transaction: Transaction, id: string, pendingEmail: string | null): Promise<void>;
  /** Changes the address to one that is verified. @throws Failure CONFLICT if another account has the address */
  setEmail(transaction: Transaction, id: string, email: string): Promise<void>;
  /** When the account will be deleted; null: not at all. */
  setDeletion(transaction: Transaction, id: string, deletionAt: Date | null): Promise<void>;
  setDisabled(transaction: Transaction, id: string, disabled: boolean): Promise<void>;
  /** Changes the role and makes auth tokens with another role stale. Resolves to whether the role was different. */
  setRole(transaction: Transaction, id: string, role: Role): Promise<boolean>;
}

export function accountStore(database: Database, clock: Clock, newId: NewId): AccountStore {
  const { account } = database;
  const findAll = coalesceByIds(rowsById<Account>(database, 'Account', ACCOUNT_FIELDS));
  return {
    find: async (id) => (await findAll([id])).get(id),
    async findByEmail(email) {
      const [row] = await database.$queryRaw<AccountWithHash[]>`
        SELECT ${columnsOf(WITH_HASH)} FROM "Account" WHERE "email" = ${normalizeEmail(email)}`;
      return row;
    },
    withHash: (id) => account.findUnique({ where: { id }, select: WITH_HASH }),
    async current({ client }, id) {
      // The update changes nothing. It locks the row on both databases.
      const [row] = await client.$queryRaw<AccountWithHash[]>`
        UPDATE "Account" SET "eventCount" = "eventCount" WHERE "id" = ${id} RETURNING ${columnsOf(WITH_HASH)}`;
      return row;
    },
    async sampleHashes() {
      const rows = await account.findMany({ orderBy: { id: 'desc' }, take: 100, select: { passwordHash: true } });
      return rows.map(({ passwordHash }) => passwordHash);
    },
    list: () => account.findMany({ orderBy: { id: 'asc' }, select: ACCOUNT_FIELDS }),
    async create({ email, ...rest }, transaction) {
      const now = new Date(clock.nowMs());
      const times = { emailVerifiedAt: now, createdAt: now, updatedAt: now };
      const data = { ...rest, id: newId(), email: normalizeEmail(email), ...times };
      try {
        return await (transaction?.client ?? database).account.create({ data, select: ACCOUNT_FIELDS });
      } catch (error) {
        rejectTaken(error);
      }
    },
    async replaceHash(id, oldHash, newHash, transaction) {
      const client = transaction?.client ?? database;
      const data = { passwordHash: newHash, updatedAt: new Date(clock.nowMs()) };
      const { count } = await client.account.updateMany({ where: { id, passwordHash: oldHash }, data });
      return count > 0;
    },
    async setDisplayName({ client }, id, displayName) {
      await client.account.updateMany({ where: { id }, data: { displayName, updatedAt: new Date(clock.nowMs()) } });
    },
    async setPendingEmail({ client }, id, pendingEmail) {
      await client.account.updateMany({ where: { id }, data: { pendingEmail, updatedAt: new Date(clock.nowMs()) } });
    },
    async setEmail({ client }, id, email) {
      const now = new Date(clock.nowMs());
      const data = { email, emailVerifiedAt: now, pendingEmail: null, updatedAt: now };
      await client.account.updateMany({ where: { id }, data }).catch(rejectTaken);
    },
    async setDeletion({ client }, id, deletionAt) {
      await client.account.updateMany({ where: { id }, data: { deletionAt, updatedAt: new Date(clock.nowMs()) } });
    },
    async setDisabled({ client }, id, disabled) {
      const now = new Date(clock.nowMs());
      await client.account.updateMany({ where: { id }, data: { disabledAt: disabled ? now : null, updatedAt: now } });
    },
    async setRole(transaction, id, role) {
      const now = new Date(clock.nowMs());
      const data = { role, roleChangedAt: now, updatedAt: now };
      const { count } = await transaction.client.account.updateMany({ where: { id, role: { not: role } }, data });
      if (count > 0) transaction.notify({ roleChanged: id, role } satisfies RevocationNotification);
      return count > 0;
    },
  };
}

function rejectTaken(error: unknown): never {
  if (isTaken(error)) throw new Failure('CONFLICT', { publicMessage: 'There is an account with this address.' });
  throw error;
}

function isTaken(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}
