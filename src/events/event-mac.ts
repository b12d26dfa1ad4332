import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';

/** What a MAC protects: an event by its hash, or the statement that the first events of an account were deleted by age. */
export type Protected =
  | { readonly event: string }
  | { readonly accountId: string; readonly expiredCount: number; readonly expiredHash: string };

/** HMAC-SHA256 in base64url. The two kinds of content cannot be mistaken for each other. */
export function eventMac(secret: KeyObject, content: Protected): string {
  return createHmac('sha256', secret)
    .update(JSON.stringify(partsOf(content)))
    .digest('base64url');
}

export function isEventMac(mac: string, secret: KeyObject, content: Protected): boolean {
  const [given, expected] = [Buffer.from(mac), Buffer.from(eventMac(secret, content))];
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function partsOf(content: Protected): unknown[] {
  return 'event' in content
    ? ['event', content.event]
    : ['expired', content.accountId, content.expiredCount, content.expiredHash];
}
