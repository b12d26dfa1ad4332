import { z } from 'zod';
import type { Database } from '../database/client.js';
import { SessionEnd } from '../database/generated/enums.js';
import { BY_ID, type ConnectionSource } from '../database/page-window.js';
import type { SecurityEvent } from './security-event.type.js';

const holderSchema = z.object({
  ipAddress: z.string().nullable().default(null),
  userAgent: z.string().nullable().default(null),
  generation: z.number(),
});

/** The fields of an event's detail. Which are present depends on the kind of the event. */
const detailSchema = z.object({
  reason: z.enum(SessionEnd).optional(),
  deviceName: z.string().optional(),
  count: z.number().optional(),
  shown: holderSchema.optional(),
  holder: holderSchema.optional(),
});

export type SecurityTimeline = (accountId: string) => ConnectionSource<SecurityEvent>;

/** The security events of an account, newest first. */
export function securityTimeline({ securityEvent }: Database): SecurityTimeline {
  return (accountId) => ({
    name: 'event',
    positions: BY_ID,
    async list({ after, before, take, fromEnd }) {
      const rows = await securityEvent.findMany({
        where: { accountId, id: { lt: after, gt: before } },
        orderBy: { id: fromEnd ? 'asc' : 'desc' },
        take,
      });
      const events = rows.map(({ id, kind, at, sessionId, ipAddress, userAgent, detail }) => {
        const { reason, deviceName, count, shown, holder } = detailSchema.parse(detail ? JSON.parse(detail) : {});
        return {
          id,
          kind,
          at,
          sessionId,
          ipAddress,
          userAgent,
          deviceName: deviceName ?? null,
          attempts: count ?? null,
          endReason: reason ?? null,
          shownBy: shown ?? null,
          heldBy: holder ?? null,
        };
      });
      return { rows: fromEnd ? events.reverse() : events };
    },
    count: () => securityEvent.count({ where: { accountId } }),
  });
}
