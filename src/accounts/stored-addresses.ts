import type { Database } from '../database/client.js';
import { Prisma } from '../database/generated/client.js';
import { OperatorError } from '../shared/operator-error.js';
import { normalizeEmail } from './email-address.js';

interface StoredAddress {
  readonly id: string;
  readonly email: string;
}

/**
 * Rewrites addresses of earlier versions, which stored domains as they were typed. Addresses in ASCII have the same form.
 * @throws OperatorError, and changes nothing, if two accounts would have the same address
 */
export async function normalizeStoredAddresses(database: Database): Promise<void> {
  const bytes =
    database.provider === 'postgresql' ? Prisma.sql`octet_length("email")` : Prisma.sql`length(CAST("email" AS BLOB))`;
  const stored = await database.$queryRaw<StoredAddress[]>`
    SELECT "id", "email" FROM "Account" WHERE ${bytes} <> length("email") ORDER BY "id"`;
  const changed = stored.filter(({ email }) => normalizeEmail(email) !== email);
  if (changed.length === 0) return;
  await rejectCollisions(database, changed);
  await database.$transaction(
    changed.map(({ id, email }) =>
      database.account.update({ where: { id }, data: { email: normalizeEmail(email) }, select: { id: true } }),
    ),
  );
}

async function rejectCollisions(database: Database, changed: readonly StoredAddress[]): Promise<void> {
  const targets = changed.map(({ email }) => normalizeEmail(email));
  const present = await database.account.findMany({
    where: { email: { in: targets } },
    select: { id: true, email: true },
  });
  const owners = new Map(present.map(({ id, email }) => [email, [id]]));
  for (const { id, email } of changed) {
    const target = normalizeEmail(email);
    owners.set(target, [...new Set([...(owners.get(target) ?? []), id])]);
  }
  const collisions = [...owners].filter(([, ids]) => ids.length > 1);
  if (collisions.length === 0) return;
  const list = collisions.map(([email, ids]) => `  - ${email}: accounts ${ids.join(', ')}`).join('\n');
  throw new OperatorError(
    `These accounts would have the same e-mail address, because domains are stored in ASCII (IDNA) from now on. Nothing was changed. Delete one of each, or change its address, with the previous version:\n${list}`,
  );
}
