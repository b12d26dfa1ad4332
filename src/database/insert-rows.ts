import { Prisma } from './generated/client.js';

/**
 * Inserts rows that all have the same fields, in one statement. Every login and every new post uses it: Prisma compiles
 * each `create` and `createMany`, which takes several times as long as the statement. SQLite accepts 32,766 values in a
 * statement. An account with the highest SESSION_LIMIT causes 10,000.
 */
export async function insertRows<Row extends object>(
  client: Prisma.TransactionClient,
  table: Prisma.ModelName,
  rows: readonly Row[],
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const names = Object.keys(first) as (keyof Row & string)[];
  const into = Prisma.raw(`"${table}" (${names.map((name) => `"${name}"`).join(', ')})`);
  const values = rows.map((row) => Prisma.sql`(${Prisma.join(names.map((name) => row[name]))})`);
  await client.$executeRaw`INSERT INTO ${into} VALUES ${Prisma.join(values)}`;
}
