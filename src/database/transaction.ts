import { notify, type Notification } from './postgres/notifications.js';
import type { Database } from './client.js';
import type { Prisma } from './generated/client.js';
import { retryingConflicts } from './write-conflicts.js';

/** Work that is done whole or not at all. */
export interface Transaction {
  /** The only client to use inside: on SQLite a statement through another waits for the end of the transaction. */
  readonly client: Prisma.TransactionClient;
  /** Runs once the work is safe on disk; never when it was rolled back. */
  afterCommit(effect: () => void): void;
  /** Notifies the other processes when the transaction commits. */
  notify(notification: Notification): void;
}

/**
 * Resolves to the result of the work after it was committed. When it throws, nothing of it has happened. Work that
 * the database gave up in favour of another's is done again, from its start.
 */
export async function inTransaction<Result>(
  database: Database,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const effects: (() => void)[] = [];
  const result = await retryingConflicts(() =>
    database.$transaction(async (client) => {
      effects.length = 0;
      const notifications: Notification[] = [];
      const done = await work({
        client,
        afterCommit: (effect) => effects.push(effect),
        notify: (notification) => notifications.push(notification),
      });
      if (database.provider === 'postgresql') await notify(client, notifications);
      return done;
    }),
  );
  for (const effect of effects) effect();
  return result;
}
