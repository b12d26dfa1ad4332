import type { SessionEnd } from '../database/generated/enums.js';
import type { Transaction } from '../database/transaction.js';
import type { ClientInfo } from '../shared/client-info.js';

/**
 * Revokes the sessions of an account, except one if it is given, and resolves to their ids. Its owner, or whoever requests
 * it, is the client of `clientInfo`. A higher folder implements it.
 */
export type RevokeAll = (
  transaction: Transaction,
  which: { readonly accountId: string; readonly exceptSessionId?: string },
  reason: SessionEnd,
  clientInfo?: ClientInfo,
) => Promise<string[]>;
