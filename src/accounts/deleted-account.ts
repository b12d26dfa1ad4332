import type { Database } from '../database/client.js';

/** The name that others see of an account that is being deleted, or was deleted. */
export const DELETED_NAME = 'Deleted account';

/** One account for the posts that deleted accounts leave. A UUIDv7, as other ids. */
const DELETED_ID = '00000000-0000-7000-8000-000000000000';

/** Creates the account of what deleted accounts leave, if it is missing, and resolves to its id. */
export async function deletedAccountId({ account }: Database, now: Date): Promise<string> {
  await account.upsert({
    where: { id: DELETED_ID },
    update: {},
    create: {
      id: DELETED_ID,
      email: 'DELETED', // no address: they are in lower case
      displayName: DELETED_NAME,
      passwordHash: '',
      disabledAt: now,
      createdAt: now,
      updatedAt: now,
    },
    select: { id: true },
  });
  return DELETED_ID;
}
