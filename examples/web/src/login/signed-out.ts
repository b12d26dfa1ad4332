import type { SignedOutReason } from '@tandem/client';
import { clearNotice, showNotice } from '../shell/notice';
import { tandem } from '../tandem';

tandem.on('signedIn', clearNotice);
tandem.on('signedOut', ({ reason }) => showNotice(textOf(reason)));

function textOf(reason: SignedOutReason): string {
  switch (reason) {
    case 'SIGNED_OUT':
      return 'You are logged out.';
    case 'OTHER_ACCOUNT':
      return 'Another account logged in, in another tab of this browser.';
    case 'TOKEN_REVOKED':
    case 'REFRESH_TOKEN_REVOKED':
      return 'You were logged out on another device, or your password was changed. Please log in again.';
    case 'REFRESH_TOKEN_REUSED':
    case 'REFRESH_TOKEN_SUPERSEDED':
      return 'Somebody may have used your session. Log in again, look at your sessions, and change your password if you are in doubt.';
    case 'REFRESH_TOKEN_EXPIRED':
      return 'You were away for a long time. Please log in again.';
    default:
      return 'Please log in again.';
  }
}
