import type { Database } from './client.js';
import type { Prisma } from './generated/client.js';

/** Work that is done whole or not at all. */
export interface Transaction {
  /** The only client to use inside: on SQLite a statement through another waits for the end of the transaction. */
  readonly client: Prisma.TransactionClient;
  /** Runs once the work is safe on disk; never when it was rolled back. */
  afterCommit(effect: () => void): void;
}

/** Resolves to the result of the work after it was committed. When it throws, nothing of it has happened. */
export async function inTransaction<Result>(
  database: Database,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const effects: (() => void)[] = [];
  const result = await database.$transaction(async (client) => {
    effects.length = 0;
    return work({ client, afterCommit: (effect) => effects.push(effect) });
  });
  for (const effect of effects) effect();
  return result;
}
