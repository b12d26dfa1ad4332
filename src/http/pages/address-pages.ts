import type { EmailChange } from '../../accounts/email-change.js';
import { PAGES } from '../../mail/mail-links.js';
import type { AccountPage, PageForm } from './account-page.js';
import { CONFIRM_ADDRESS, UNDO_ADDRESS } from './page-texts.js';

/** Says where to type the code: only a session of the account may confirm its new address. */
export const confirmAddressPage: AccountPage = { path: PAGES.CHANGE_EMAIL, ...CONFIRM_ADDRESS, forms: [] };

/** Restores the previous address. It ignores the token of the link, which a program could submit. */
export function undoAddressPage({ undo }: Pick<EmailChange, 'undo'>): AccountPage {
  const form: PageForm<'email' | 'code'> = {
    id: 'code',
    ...UNDO_ADDRESS.form,
    fields: ['email', 'code'],
    submit: undo,
  };
  return { path: PAGES.UNDO_EMAIL_CHANGE, title: UNDO_ADDRESS.title, forms: [form] };
}
