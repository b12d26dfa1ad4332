import type { EmailChange } from '../../accounts/email-change.js';
import { PAGES } from '../../mail/mail-links.js';
import type { AccountPage, PageForm } from './account-page.js';
import { CONFIRM_ADDRESS, UNDO_ADDRESS } from './page-texts.js';

/** Says where to type the code: only a session of the account may confirm its new address. */
export const confirmAddressPage: AccountPage = { path: PAGES.CHANGE_EMAIL, ...CONFIRM_ADDRESS, forms: [] };

/** Restores the previous address. A program could submit the token of the link, but does not type the code. */
export function undoAddressPage({ undo }: Pick<EmailChange, 'undo'>): AccountPage {
  const withLink: PageForm<'token' | 'code'> = {
    id: 'link',
    ...UNDO_ADDRESS.link,
    fields: ['token', 'code'],
    submit: ({ token, code }, clientInfo, isAbandoned) => undo({ token, typedCode: code }, clientInfo, isAbandoned),
  };
  const withAddress: PageForm<'email' | 'code'> = {
    id: 'code',
    ...UNDO_ADDRESS.code,
    fields: ['email', 'code'],
    submit: undo,
  };
  return { path: PAGES.UNDO_EMAIL_CHANGE, title: UNDO_ADDRESS.title, forms: [withLink, withAddress] };
}
