import { z } from 'zod';
import { Role } from '../database/generated/enums.js';

const schema = z.union([
  z.object({ sessionEnded: z.string() }),
  z.object({ sessionCut: z.string(), generation: z.int() }),
  z.object({ roleChanged: z.string(), role: z.enum(Role) }),
]);

/** The notification to other processes of a session that was revoked or cut, or of a changed role. */
export type RevocationNotification = Readonly<z.infer<typeof schema>>;

/** A notification of this kind; undefined for every other. */
export function asRevocationNotification(notification: unknown): RevocationNotification | undefined {
  return schema.safeParse(notification).data;
}
