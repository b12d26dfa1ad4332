import type { Prisma } from '../database/generated/client.js';

export const SESSION_FIELDS = {
  id: true,
  accountId: true,
  generation: true,
  salt: true,
  refreshKeyId: true,
  rotatedAt: true,
  confirmedAt: true,
  exchangeKeys: true,
  exchangeKeysGeneration: true,
  cutGeneration: true,
  cutAt: true,
  idleExpiresAt: true,
  expiresAt: true,
  endedAt: true,
  deviceName: true,
  userAgent: true,
  ipAddress: true,
  createdAt: true,
  authenticatedAt: true,
} satisfies Prisma.SessionSelect;

export type SessionRow = Prisma.SessionGetPayload<{ select: typeof SESSION_FIELDS }>;
