import { text } from 'node:stream/consumers';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { ReadStream } from 'node:tty';
import { UsageError } from './usage-error.js';

/** What Node puts in the place of bytes that are not UTF-8. */
const REPLACEMENT = '\ufffd';

/**
 * The password on standard input without its last line break. A terminal asks for it twice and does not display it.
 * @throws UsageError for text that is not UTF-8, because nobody could log in with what Node makes of it
 */
export async function typedPassword(input: ReadStream): Promise<string> {
  const password = await passwordFrom(input);
  if (password.includes(REPLACEMENT)) throw new UsageError('The password must be UTF-8.');
  return password;
}

async function passwordFrom(input: ReadStream): Promise<string> {
  if (!input.isTTY) return (await text(input)).replace(/\r?\n$/, '');
  const typed = await askUnseen(input, 'Password: ');
  if (typed !== (await askUnseen(input, 'Once more: '))) throw new UsageError('The two passwords differ.');
  return typed;
}

/** Readline edits the line as usual and displays nothing. */
async function askUnseen(input: ReadStream, question: string): Promise<string> {
  process.stderr.write(question);
  const nobody = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input, output: nobody, terminal: true });
  const given = new AbortController();
  terminal.once('close', () => given.abort());
  try {
    return await terminal.question('', { signal: given.signal });
  } catch {
    throw new UsageError('No password was given.'); // Ctrl-C and Ctrl-D
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
