import { PAGES } from '../../mail/mail-links.js';
import type { RevokeReportedSession } from '../../sessions/reported-sessions.js';
import type { AccountPage, PageForm } from './account-page.js';
import { REVOKE_SESSION } from './page-texts.js';

/** Revokes the session that a notice is about. A program could submit the token of the link, but does not type the code. */
export function revokeSessionPage(revoke: RevokeReportedSession): AccountPage {
  const withLink: PageForm<'token' | 'code'> = {
    id: 'link',
    ...REVOKE_SESSION.link,
    fields: ['token', 'code'],
    submit: ({ token, code }, clientInfo) => revoke({ token, typedCode: code }, clientInfo),
  };
  const withAddress: PageForm<'email' | 'code'> = {
    id: 'code',
    ...REVOKE_SESSION.code,
    fields: ['email', 'code'],
    submit: revoke,
  };
  return { path: PAGES.REVOKE_SESSION, title: REVOKE_SESSION.title, forms: [withLink, withAddress] };
}
