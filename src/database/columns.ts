import { Prisma } from './generated/client.js';

/** The columns that `fields` names, for a raw statement. */
export function columnsOf(fields: Readonly<Record<string, true>>): Prisma.Sql {
  const names = Object.keys(fields).map((name) => `"${name}"`);
  return Prisma.raw(names.join(', '));
}
