import { notify, type Notification } from './postgres/notifications.js';
import type { Database } from './client.js';
import type { Prisma } from './generated/client.js';
import { retryingConflicts } from './write-conflicts.js';

/** A transaction: all of its writes take effect, or none. */
export interface Transaction {
  /** The only client to use inside: on SQLite a statement through another waits for the end of the transaction. */
  readonly client: Prisma.TransactionClient;
  /** Runs after the commit; never after a rollback. */
  afterCommit(effect: () => void): void;
  /** Notifies the other processes when the transaction commits. */
  notify(notification: Notification): void;
}

/**
 * Runs the work in a transaction and resolves to its result after the commit. If the work throws, the transaction is
 * rolled back. If the database rolls it back because of a write conflict, the work runs again from its start.
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
