import { connectionsTo } from '../../src/database/client.js';

/** Runs one statement on a new connection and returns the rows. */
export async function sql(url: string, statement: string): Promise<unknown[][]> {
  const connection = await connectionsTo(url).connect();
  try {
    return (await connection.queryRaw({ sql: statement, args: [], argTypes: [] })).rows;
  } finally {
    await connection.dispose();
  }
}
