import { ignoredParameters } from './database/database-url.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that node-postgres reads itself, such as `PGSSLMODE`. */
const OF_POSTGRES = /^PG[A-Z]+$/;

/** Names of at least this length can be compared with others: `HOST` and `POST` differ by one character. */
const COMPARABLE_LENGTH = 8;
const CHARACTERS_PER_TYPING_ERROR = 4;

/**
 * What the operator set and the server does not use: unknown names in `.env`, names in the environment that resemble a
 * setting, and settings that have no effect beside others. Without values, which may be secret.
 */
export function settingWarnings(known: readonly string[], environment: Environment, file: Environment): string[] {
  const names = Object.keys({ ...file, ...environment }).filter((name) => !known.includes(name));
  const unknown = names.flatMap((name) => {
    const similar = known.find((setting) => resembles(name, setting));
    if (similar !== undefined) return [`${name} is not a setting and has no effect. Did you mean ${similar}?`];
    return name in file && !OF_POSTGRES.test(name) ? [`${name} in .env is not a setting of this server.`] : [];
  });
  return [...unknown, ...withoutEffect({ ...file, ...environment })];
}

function withoutEffect(environment: Environment): string[] {
  const isSet = (name: string) => (environment[name] ?? '') !== '';
  const url = environment['DATABASE_URL'] ?? '';
  const isSqlite = !isSet('DATABASE_URL') || url.startsWith('file:');
  const onPostgresOnly = ['DATABASE_POOL_SIZE', 'DATABASE_CONNECT_TIMEOUT_MS'].filter(
    (name) => isSqlite && isSet(name),
  );
  return [
    ...(isSet('KEY_RING') && isSet('KEY_RING_FILE') ? ['KEY_RING_FILE has no effect, because KEY_RING is set.'] : []),
    ...onPostgresOnly.map((name) => `${name} has no effect, because the database is a SQLite file.`),
    ...(isSqlite ? [] : ignoredParameters(url)).map(
      (name) => `The parameter ${name} of DATABASE_URL has no effect. Remove it.`,
    ),
  ];
}

/** A variable of another program has another name; a misspelt setting nearly the same. */
function resembles(name: string, setting: string): boolean {
  if (setting.length < COMPARABLE_LENGTH) return name.toUpperCase() === setting;
  const upper = name.toUpperCase();
  const isPart =
    upper.length >= COMPARABLE_LENGTH && (setting.startsWith(`${upper}_`) || upper.startsWith(`${setting}_`));
  return isPart || distance(upper, setting) <= setting.length / CHARACTERS_PER_TYPING_ERROR;
}

/** The Levenshtein distance: how many characters to insert, delete or replace. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [position, character] of [...left].entries()) {
    const next = [position + 1];
    for (let index = 0; index < right.length; index++) {
      const replaced = (row[index] ?? 0) + (character === right[index] ? 0 : 1);
      next.push(Math.min(replaced, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
