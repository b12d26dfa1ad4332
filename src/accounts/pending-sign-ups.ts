import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '../database/client.js';
import type { Prisma } from '../database/generated/client.js';
import type { Transaction } from '../database/transaction.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { Clock } from '../shared/clock.js';
import type { NewId } from '../shared/id.js';

const FIELDS = {
  id: true,
  email: true,
  displayName: true,
  passwordHash: true,
  ipAddress: true,
  userAgent: true,
} satisfies Prisma.SignUpSelect;

/** A sign-up whose address is not verified yet. Nobody can log in with it. */
export type PendingSignUp = Prisma.SignUpGetPayload<{ select: typeof FIELDS }>;

export interface NewSignUp {
  /** Normalized. */
  readonly email: string;
  readonly displayName: string;
  readonly passwordHash: string;
}

export interface AddedSignUp {
  readonly id: string;
  /** A secret for the client of the sign-up. Only its hash is stored. */
  readonly continuation: string;
  readonly expiresAt: Date;
}

export interface PendingSignUps {
  /** Adds a row, whether or not the address has an account or other rows. */
  add(transaction: Transaction, signUp: NewSignUp, clientInfo: ClientInfo): Promise<AddedSignUp>;
  find(id: string): Promise<PendingSignUp | undefined>;
  /** The sign-up of this address that the client with this secret made. */
  findByContinuation(email: string, continuation: string): Promise<PendingSignUp | undefined>;
  /**
   * Begins the lifetime of the sign-up of this address that the client with this secret made again. If there is none, the id
   * is undefined, and the time is the same.
   */
  prolong(
    transaction: Transaction,
    email: string,
    continuation: string,
  ): Promise<{ readonly signUpId: string | undefined; readonly expiresAt: Date }>;
  /** Deletes all sign-ups of an address, with their one-time tokens. */
  deleteAll(transaction: Transaction, email: string): Promise<void>;
}

/** As long as the token that the mail contains. */
const SIGN_UP_LIFETIME_MS = 86_400_000;
const PREFIX = 'tandem_su_'; // lets secret scanners find a leaked one

export function pendingSignUps(database: Database, clock: Clock, newId: NewId): PendingSignUps {
  const findFirst = async (where: Prisma.SignUpWhereInput) => {
    const expiresAt = { gt: new Date(clock.nowMs()) };
    return (await database.signUp.findFirst({ where: { ...where, expiresAt }, select: FIELDS })) ?? undefined;
  };
  return {
    async add({ client }, { email, displayName, passwordHash }, { ipAddress, userAgent }) {
      const continuation = PREFIX + randomBytes(32).toString('base64url');
      const createdAt = new Date(clock.nowMs());
      const row = {
        id: newId(),
        email,
        displayName,
        passwordHash,
        continuationHash: hashOf(continuation),
        ipAddress,
        userAgent: userAgent ?? null,
        createdAt,
        expiresAt: new Date(createdAt.getTime() + SIGN_UP_LIFETIME_MS),
      };
      await client.signUp.create({ data: row });
      return { id: row.id, continuation, expiresAt: row.expiresAt };
    },
    find: (id) => findFirst({ id }),
    findByContinuation: (email, continuation) => findFirst({ email, continuationHash: hashOf(continuation) }),
    async prolong({ client }, email, continuation) {
      const nowMs = clock.nowMs();
      const expiresAt = new Date(nowMs + SIGN_UP_LIFETIME_MS);
      const [row] = await client.signUp.updateManyAndReturn({
        where: { email, continuationHash: hashOf(continuation), expiresAt: { gt: new Date(nowMs) } },
        data: { expiresAt },
        select: { id: true },
      });
      return { signUpId: row?.id, expiresAt };
    },
    async deleteAll({ client }, email) {
      await client.signUp.deleteMany({ where: { email } });
    },
  };
}

/** The secret has 256 random bits, so that its hash needs no salt and no cost. */
function hashOf(continuation: string): string {
  return createHash('sha256').update(continuation).digest('base64url');
}
