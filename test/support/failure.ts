import { Failure } from '../../src/errors/failure.js';

/** The failure of the work; undefined if it succeeded. Throws other errors. */
export async function failureOf(work: Promise<unknown>): Promise<Failure | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}
