import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { OperatorError } from '../shared/operator-error.js';

/** The number of events that an account had when the log line was written, and the hash of the last of them. */
export interface LoggedHead {
  readonly accountId: string;
  readonly count: number;
  readonly hash: string;
}

const lineSchema = z.object({
  event: z.literal('security_events.heads'),
  heads: z.array(z.object({ accountId: z.string(), count: z.number().int(), hash: z.string() })),
});

/** Reads the heads from the log of a server, JSON lines; other lines are skipped. @throws OperatorError */
export async function readLoggedHeads(file: string): Promise<LoggedHead[]> {
  const heads = new Map<string, LoggedHead>();
  try {
    for await (const line of createInterface({ input: createReadStream(file, 'utf8') })) {
      if (!line.includes('security_events.heads')) continue;
      for (const head of headsIn(line)) heads.set(`${head.accountId} ${head.count} ${head.hash}`, head);
    }
  } catch (error) {
    throw new OperatorError(`The log ${file} cannot be read (${String((error as NodeJS.ErrnoException).code)}).`);
  }
  return [...heads.values()];
}

function headsIn(line: string): LoggedHead[] {
  try {
    return lineSchema.parse(JSON.parse(line)).heads;
  } catch {
    return []; // the end of a log that is being written, or the message of another program
  }
}
