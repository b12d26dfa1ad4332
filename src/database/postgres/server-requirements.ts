import type { Pool } from 'pg';
import { OperatorError } from '../../shared/operator-error.js';

/** The oldest major version on which the tests ran. */
const OLDEST_VERSION = 12;

interface ServerState {
  /** As 150004 for 15.4. */
  readonly version: number;
  readonly encoding: string;
  readonly schema: string | null;
  readonly isReadOnly: boolean;
  /** As `ISO, MDY`: the form of times in results, and the order of day and month in input. */
  readonly dateStyle: string;
}

/**
 * Checks at start what every statement relies on.
 * @throws OperatorError if this database cannot be used
 */
export async function requireUsableServer(client: Pick<Pool, 'query'>): Promise<void> {
  const { rows } = await client.query<ServerState>(`
    SELECT current_setting('server_version_num')::integer AS "version", current_setting('server_encoding') AS "encoding",
      current_schema() AS "schema", current_setting('DateStyle') AS "dateStyle",
      pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean AS "isReadOnly"`);
  const [state] = rows;
  if (!state) return;
  const problem = problemOf(state);
  if (problem !== undefined) throw new OperatorError(`The database of DATABASE_URL cannot be used: ${problem}.`);
}

function problemOf({ version, encoding, schema, isReadOnly, dateStyle }: ServerState): string | undefined {
  const major = Math.floor(version / 10_000);
  if (major < OLDEST_VERSION) {
    return `its server is PostgreSQL ${major}. Upgrade it to PostgreSQL ${OLDEST_VERSION} or a later version`;
  }
  if (encoding !== 'UTF8') {
    return `its encoding is ${encoding}, which cannot store every text. Create it with: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0`;
  }
  if (isReadOnly) return 'it is read-only. Name the primary server, and a role that may write';
  if (!dateStyle.startsWith('ISO')) {
    // Prisma's adapter would read invalid times, and a session whose expiry is invalid never expires.
    return `its DateStyle is ${dateStyle}, and times can be read in the style ISO only. Run: ALTER DATABASE … SET DateStyle = 'ISO', or ALTER ROLE …`;
  }
  if (schema === null) return 'no schema of its search_path exists. Create one, or set search_path for the role';
  return undefined;
}
