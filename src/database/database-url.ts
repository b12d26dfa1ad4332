import { sqliteFilePath } from './sqlite/sqlite-file.js';

/** Parameters of a PostgreSQL URL that would not have the expected effect, and what to do instead. */
const REJECTED_PARAMETERS: Readonly<Record<string, string>> = {
  schema: 'set search_path to the schema: ALTER ROLE … SET search_path, or options=-c%20search_path%3D<schema>',
  client_encoding: 'remove it: this server always uses UTF-8',
  encoding: 'remove it: this server always uses UTF-8',
  max: 'set DATABASE_POOL_SIZE',
  connectionTimeoutMillis: 'set DATABASE_CONNECT_TIMEOUT_MS',
  statement_timeout: 'set DATABASE_STATEMENT_TIMEOUT_MS',
  query_timeout: 'set DATABASE_STATEMENT_TIMEOUT_MS',
  idle_in_transaction_session_timeout: 'set DATABASE_STATEMENT_TIMEOUT_MS',
};

/** Parameters that node-postgres understands. */
const KNOWN_PARAMETERS = new Set([
  'user',
  'password',
  'host',
  'port',
  'ssl',
  'sslmode',
  'sslcert',
  'sslkey',
  'sslrootcert',
  'sslnegotiation',
  'uselibpqcompat',
  'options',
  'application_name',
  'fallback_application_name',
  'keepalives',
]);

/** The values of `PGSSLMODE` that node-postgres understands. */
const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];

/** Why the URL cannot be used; undefined if it can. Does not repeat the URL, which may contain a password. */
export function databaseUrlProblem(url: string): string | undefined {
  if (/^file:./.test(url)) return sqliteProblem(url);
  if (!/^postgres(ql)?:\/\/./.test(url)) return 'must be file:<path> for SQLite or postgresql://… for PostgreSQL';
  const parsed = parsePostgresUrl(url);
  if (!parsed) return 'must be a valid URL: percent-encode special characters in the user name and the password';
  const rejected = [...parsed.searchParams.keys()].find((name) => Object.hasOwn(REJECTED_PARAMETERS, name));
  if (rejected === undefined) return undefined;
  return `must not contain the parameter ${rejected}. Instead, ${String(REJECTED_PARAMETERS[rejected])}`;
}

/** Why node-postgres would ignore the value of `PGSSLMODE` and connect without TLS. */
export function sslModeProblem(url: string, mode: string | undefined): string | undefined {
  if (url.startsWith('file:') || mode === undefined || SSL_MODES.includes(mode)) return undefined;
  return `must be one of ${SSL_MODES.join(', ')}`;
}

/** The parameters of a PostgreSQL URL that have no effect. */
export function ignoredParameters(url: string): string[] {
  const names = [...(parsePostgresUrl(url)?.searchParams.keys() ?? [])];
  return names.filter((name) => !KNOWN_PARAMETERS.has(name));
}

function sqliteProblem(url: string): string | undefined {
  try {
    sqliteFilePath(url);
    return undefined;
  } catch (error) {
    return `cannot be used. ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** As node-postgres does: without a host before the path, the parameter `host` names a socket. */
function parsePostgresUrl(url: string): URL | undefined {
  return [url, url.replace('@/', '@socket/')].filter((each) => URL.canParse(each)).map((each) => new URL(each))[0];
}
