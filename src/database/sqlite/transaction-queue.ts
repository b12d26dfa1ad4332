import { DriverAdapterError } from '@prisma/driver-adapter-utils';

/** About 1 kB each. */
const MOST_WAITING = 2000;

/** Lets one transaction at a time use a connection, and statements while none is open, in the order of their arrival. */
export interface TransactionQueue {
  /** Runs the statement when no transaction is open. @throws DriverAdapterError if it waited too long, or too many wait */
  run<Result>(statement: () => Promise<Result>): Promise<Result>;
  /** Resolves to the function that ends the transaction. @throws DriverAdapterError as `run` */
  begin(): Promise<() => void>;
}

export function transactionQueue(waitMs: number): TransactionQueue {
  const waiting = new Set<() => void>();
  let isOpen = false;

  async function inTurn<Result>(start: () => Promise<Result> | Result): Promise<Result> {
    if (!isOpen) return start();
    if (waiting.size >= MOST_WAITING) throw unavailable('too many statements wait for a transaction');
    return new Promise((resolve, reject) => {
      const turn = () => {
        clearTimeout(timer);
        resolve(start());
      };
      const timer = setTimeout(() => {
        waiting.delete(turn);
        reject(unavailable('waited too long for a transaction'));
      }, waitMs);
      waiting.add(turn);
    });
  }

  function begin(): () => void {
    isOpen = true;
    return () => {
      isOpen = false;
      for (const turn of waiting) {
        if (isOpen) return;
        waiting.delete(turn);
        turn();
      }
    };
  }

  // `executeScript` throws where others reject.
  return { run: (statement) => inTurn(async () => statement()), begin: () => inTurn(begin) };
}

/** Not of the kind that `whileBusy` retries. */
function unavailable(cause: string): DriverAdapterError {
  return new DriverAdapterError({ kind: 'TooManyConnections', cause });
}
