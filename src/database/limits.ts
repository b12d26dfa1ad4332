/** How many connections a process opens to its database, and how long it waits. */
export interface DatabaseLimits {
  /** Connections to PostgreSQL that one process opens at most; see databases.ts. */
  readonly poolSize: number;
  /** How long to wait for a connection to PostgreSQL, whether a new one or one of the pool. */
  readonly connectTimeoutMs: number;
  /** How long one statement may take on PostgreSQL, or wait for other writers of a SQLite file. */
  readonly statementTimeoutMs: number;
}

/** Which database to open, and the limits of its use. */
export interface DatabaseSettings {
  /** `file:<path>`, where a relative path is taken from the working directory, or `postgresql://…`. */
  readonly url: string;
  readonly limits: DatabaseLimits;
}

export const DEFAULT_LIMITS: DatabaseLimits = { poolSize: 10, connectTimeoutMs: 2000, statementTimeoutMs: 5000 };
