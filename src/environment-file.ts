import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigError } from './config.js';

const PATH = '.env';
/** An assignment whose quoted value may span lines. */
const QUOTED = /^([ \t]*(?:export[ \t]+)?[A-Za-z_][\w.]*[ \t]*=)[ \t]*(["'`])[^]*?\2/gm;
const NOTHING = /^[ \t]*(#|$)/;
/** After quoted values were replaced by `""`. `parseEnv` cuts an unquoted value at each `#`, not only after a space. */
const ASSIGNMENT =
  /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.]*)[ \t]*=[ \t]*(?:""[ \t]*(?:#.*)?|(?!["'`])[^#]*(?:(?<=[ \t])#.*)?)$/;

/**
 * The variables of `.env` in the working directory; none if there is no such file.
 * @throws ConfigError if a line would have no effect: it may be `NODE_ENV=production`
 */
export function readEnvironmentFile(): Record<string, string> {
  const text = read();
  if (text === undefined) return {};
  const problems = problemsOf(text);
  if (problems.length > 0) throw new ConfigError(problems);
  return parseEnv(text) as Record<string, string>;
}

function read(): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(PATH);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new ConfigError([`${PATH} cannot be read (${String(code)})`]);
  }
  try {
    // Removes a byte order mark, with which Windows editors start a file. It would become a part of the first name.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r\n?/g, '\n');
  } catch {
    throw new ConfigError([`${PATH} is not UTF-8. Save it as UTF-8`]);
  }
}

/** The numbers of lines that `parseEnv` would skip, cut, or join with others. Not their text, which may be secret. */
function problemsOf(text: string): string[] {
  const lines = text.replace(
    QUOTED,
    (match, start: string) => `${start}""${'\n'.repeat(match.split('\n').length - 1)}`,
  );
  const lineOf = new Map<string, number>();
  return lines.split('\n').flatMap((line, index) => {
    const here = `${PATH} line ${index + 1}`;
    if (NOTHING.test(line)) return [];
    const [, name] = ASSIGNMENT.exec(line) ?? [];
    if (name === undefined || line.includes('\0')) {
      return [`${here} is not NAME=value. Quote a value that contains #, and write nothing after a quoted value`];
    }
    const earlier = lineOf.get(name);
    lineOf.set(name, index + 1);
    return earlier === undefined ? [] : [`${here} sets ${name}, which line ${earlier} sets already`];
  });
}
