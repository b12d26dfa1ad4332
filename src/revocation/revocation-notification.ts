import { z } from 'zod';
import { Role } from '../database/generated/enums.js';

const schema = z.union([
  z.object({ sessionEnded: z.string() }),
  z.object({ roleChanged: z.string(), role: z.enum(Role) }),
]);

/** What a process tells the others when it revokes a session or changes a role. */
export type RevocationNotification = Readonly<z.infer<typeof schema>>;

/** A notification of this kind; undefined for every other. */
export function asRevocationNotification(notification: unknown): RevocationNotification | undefined {
  return schema.safeParse(notification).data;
}
