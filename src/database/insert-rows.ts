import { Prisma } from './generated/client.js';

/**
 * Inserts rows that all have the same fields: what `createMany` does, but Prisma compiles that anew at each call, which
 * takes several times as long as the statement. For what every login writes. All rows are one statement, of which SQLite
 * takes 32,766 values; the events of an account with the most sessions that can be set are 10,000.
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
