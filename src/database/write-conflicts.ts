import { setTimeout as delay } from 'node:timers/promises';
import { isDriverAdapterError } from '@prisma/driver-adapter-utils';
import { Prisma } from './generated/client.js';

const TRIES = 4;
const WAIT_MS = 10;

/**
 * Runs the work again if the database rolled it back because of a deadlock (40P01) or a serialization failure (40001).
 * The work must be one statement or one transaction, so that nothing of it took effect.
 */
export async function retryingConflicts<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === TRIES || !isWriteConflict(error)) throw error;
    }
    await delay(WAIT_MS * 2 ** tries);
  }
}

function isWriteConflict(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (isDriverAdapterError(error)) return error.cause.kind === 'TransactionWriteConflict';
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  return error.code === 'P2034' || isWriteConflict(error.meta?.['driverAdapterError']);
}
