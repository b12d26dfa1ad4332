import type { OneTimeTokenPurpose } from '../database/generated/enums.js';

/** The page of each purpose, under the public URL. */
export const PAGES: Readonly<Record<OneTimeTokenPurpose, string>> = {
  VERIFY_EMAIL: '/account/verify',
  RESET_PASSWORD: '/account/reset-password',
  CHANGE_EMAIL: '/account/confirm-address',
  UNDO_EMAIL_CHANGE: '/account/undo-address',
  REVOKE_SESSION: '/account/revoke-session',
  INVITATION: '/account/sign-up',
};

/** The token is in the fragment, which browsers send to no server, so that it is in no log and no Referer header. */
export function linkOf(publicUrl: string, purpose: OneTimeTokenPurpose, token: string): string {
  return `${publicUrl}${PAGES[purpose]}#token=${token}`;
}
