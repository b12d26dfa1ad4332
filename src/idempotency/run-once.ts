import { createHash } from 'node:crypto';
import type { Database } from '../database/client.js';
import { inTransaction, type Transaction } from '../database/transaction.js';
import { invalidInput } from '../errors/invalid-input.js';
import type { Clock } from '../shared/clock.js';
import { inputHash } from './input-hash.js';

/** A client can retry for so long. */
const KEPT_MS = 86_400_000;

/** One use of a mutation by an account. The client sends the same key with each retry. */
export interface KeyedRequest {
  readonly accountId: string;
  readonly mutation: string;
  readonly key: string;
  /** The input without the key. A retry has the same. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** The result of the work, or the id of the result if an earlier request with this key did the work. */
export type Outcome<Result> = { readonly result: Result } | { readonly earlierId: string };

/**
 * Does the work of a mutation once for each key: the key is stored in the transaction of the work, with the id of the
 * result. Of requests at the same time, the others wait for the first.
 * @throws Failure CONFLICT if the key was used with another input
 */
export type RunOnce = <Result extends { readonly id: string }>(
  request: KeyedRequest,
  id: string,
  work: (transaction: Transaction) => Promise<Result>,
) => Promise<Outcome<Result>>;

export function runOnce(database: Database, clock: Clock): RunOnce {
  return ({ accountId, mutation, key, input }, id, work) => {
    const keyHash = createHash('sha256').update(key).digest('base64url');
    const hash = inputHash(input);
    const now = new Date(clock.nowMs());
    const expiresAt = new Date(now.getTime() + KEPT_MS);

    return inTransaction(database, async (transaction) => {
      const { client } = transaction;
      // Raw for the condition: it replaces a row that has expired. PostgreSQL waits for a transaction with the same key.
      const claimed = await client.$executeRaw`
        INSERT INTO "IdempotencyKey" ("accountId", "mutation", "keyHash", "inputHash", "resultId", "expiresAt")
        VALUES (${accountId}, ${mutation}, ${keyHash}, ${hash}, ${id}, ${expiresAt})
        ON CONFLICT ("accountId", "mutation", "keyHash") DO UPDATE
        SET "inputHash" = excluded."inputHash", "resultId" = excluded."resultId", "expiresAt" = excluded."expiresAt"
        WHERE "IdempotencyKey"."expiresAt" <= ${now}`;
      if (claimed > 0) return { result: await work(transaction) };
      const earlier = await client.idempotencyKey.findUniqueOrThrow({
        where: { accountId_mutation_keyHash: { accountId, mutation, keyHash } },
      });
      if (earlier.inputHash === hash) return { earlierId: earlier.resultId };
      throw invalidInput([{ path: ['input', 'idempotencyKey'], reason: 'KEY_ALREADY_USED' }], 'CONFLICT');
    });
  };
}
