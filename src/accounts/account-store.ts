import type { Database } from '../database/client.js';
import { Prisma } from '../database/generated/client.js';
import type { Role } from '../database/generated/enums.js';
import { coalesceById } from '../shared/coalesce.js';
import type { Clock } from '../shared/clock.js';
import { Failure } from '../shared/failure.js';
import type { NewId } from '../shared/id.js';

const ACCOUNT_FIELDS = {
  id: true,
  email: true,
  displayName: true,
  role: true,
  emailVerifiedAt: true,
  disabledAt: true,
  createdAt: true,
} satisfies Prisma.AccountSelect;

/** An account without its password hash, which only the authenticator reads. */
export type Account = Prisma.AccountGetPayload<{ select: typeof ACCOUNT_FIELDS }>;

export interface NewAccount {
  readonly email: string;
  readonly passwordHash: string;
  readonly displayName: string;
  readonly role?: Role;
}

export interface AccountStore {
  /** One account by id; reads of one turn of the event loop are one statement. */
  find(id: string): Promise<Account | undefined>;
  findByEmail(email: string): Promise<(Account & { passwordHash: string }) | null>;
  list(): Promise<Account[]>;
  /** @throws Failure CONFLICT when the address is taken */
  create(account: NewAccount): Promise<Account>;
  /** Replaces a hash by one of the same password, unless the password was changed meanwhile. */
  replaceHash(id: string, oldHash: string, newHash: string): Promise<void>;
  setDisabled(id: string, disabled: boolean): Promise<void>;
}

export function accountStore(database: Database, clock: Clock, newId: NewId): AccountStore {
  const { account } = database;
  return {
    find: coalesceById((ids) => account.findMany({ where: { id: { in: ids } }, select: ACCOUNT_FIELDS })),
    findByEmail: (email) =>
      account.findUnique({
        where: { email: normalizeEmail(email) },
        select: { ...ACCOUNT_FIELDS, passwordHash: true },
      }),
    list: () => account.findMany({ orderBy: { id: 'asc' }, select: ACCOUNT_FIELDS }),
    async create({ email, ...rest }) {
      const now = new Date(clock.nowMs());
      const data = { ...rest, id: newId(), email: normalizeEmail(email), createdAt: now, updatedAt: now };
      try {
        return await account.create({ data, select: ACCOUNT_FIELDS });
      } catch (error) {
        if (isTaken(error)) throw new Failure('CONFLICT', { publicMessage: 'There is an account with this address.' });
        throw error;
      }
    },
    async replaceHash(id, oldHash, newHash) {
      await account.updateMany({ where: { id, passwordHash: oldHash }, data: { passwordHash: newHash } });
    },
    async setDisabled(id, disabled) {
      const now = new Date(clock.nowMs());
      await account.updateMany({ where: { id }, data: { disabledAt: disabled ? now : null, updatedAt: now } });
    },
  };
}

/** The one spelling under which an address is stored and looked up. */
export function normalizeEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}

function isTaken(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}
