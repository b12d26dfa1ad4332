import { createHash } from 'node:crypto';
import type { Clock } from '../../shared/clock.js';
import type { Logger } from '../../shared/logger.js';

export interface BreachCheckSettings {
  /** What a query begins with; five characters follow. Undefined: no query is sent. */
  readonly rangeUrl: string | undefined;
}

/** Whether a password is in the list of stolen passwords. Resolves to false if that cannot be found out. */
export type IsBreached = (password: string) => Promise<boolean>;

const PREFIX_LENGTH = 5;
const TIMEOUT_MS = 2000;
/** A range has about 1,000 lines of 40 bytes. */
const MOST_BYTES = 500_000;
/** Passwords beyond that are accepted without a query. */
const MOST_QUERIES = 50;
const LOG_INTERVAL_MS = 600_000;
const LINE = /^([0-9A-F]{35}):(\d{1,12})$/i;

/**
 * Looks passwords up in a list of stolen ones, by range queries (https://haveibeenpwned.com/API/v3#PwnedPasswords). The
 * service receives 20 bits of a SHA-1 hash, which about 1,000 passwords of the list have in common.
 */
export function breachedPasswords({ rangeUrl }: BreachCheckSettings, clock: Clock, logger: Logger): IsBreached {
  let running = 0;
  let loggedAtMs: number | undefined;

  function logFailure(error: unknown): void {
    const nowMs = clock.nowMs();
    // Negative after the clock was set back.
    const sinceMs = nowMs - (loggedAtMs ?? -Infinity);
    if (sinceMs >= 0 && sinceMs < LOG_INTERVAL_MS) return;
    loggedAtMs = nowMs;
    logger.warn({ event: 'breach_check.failed', err: error }, 'new passwords are accepted without a breach check');
  }

  return async (password) => {
    if (rangeUrl === undefined) return false;
    const hash = createHash('sha1').update(password.normalize('NFC')).digest('hex').toUpperCase();
    running += 1;
    try {
      if (running > MOST_QUERIES) throw new Error('too many range queries wait for a response');
      const range = await rangeOf(`${rangeUrl}${hash.slice(0, PREFIX_LENGTH)}`);
      return range.has(hash.slice(PREFIX_LENGTH));
    } catch (error) {
      logFailure(error);
      return false;
    } finally {
      running -= 1;
    }
  };
}

/** The other characters of each stolen hash of a range. Lines that only pad the response have the count 0. */
async function rangeOf(url: string): Promise<Set<string>> {
  const response = await fetch(url, {
    headers: { 'add-padding': 'true', 'user-agent': 'Tandem' },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await boundedText(response);
  if (response.status !== 200) throw new Error(`the range service responded with ${response.status}`);
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  const entries = lines.map((line) => LINE.exec(line));
  if (entries.length === 0 || entries.includes(null))
    throw new Error('the range service responded with something else');
  return new Set(entries.filter((entry) => Number(entry?.[2]) > 0).map((entry) => (entry?.[1] ?? '').toUpperCase()));
}

/** Leaving the loop closes the connection. */
async function boundedText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk as Uint8Array);
    bytes += (chunk as Uint8Array).length;
    if (bytes > MOST_BYTES) throw new Error(`the range service responded with more than ${MOST_BYTES} bytes`);
  }
  return Buffer.concat(chunks).toString('latin1');
}
