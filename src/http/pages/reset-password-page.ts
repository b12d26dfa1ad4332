import { isEmailAddress } from '../../accounts/email-address.js';
import type { PasswordReset } from '../../accounts/password-reset.js';
import { invalidInput } from '../../errors/invalid-input.js';
import { PAGES } from '../../mail/mail-links.js';
import type { AccountPage, PageForm } from './account-page.js';
import { RESET_PASSWORD } from './page-texts.js';

/** Replaces a forgotten password. It ignores the token of the link: a program could submit it with a password of its own. */
export function resetPasswordPage({ request, reset }: PasswordReset): AccountPage {
  const replace: PageForm<'email' | 'code' | 'newPassword'> = {
    id: 'code',
    ...RESET_PASSWORD.code,
    fields: ['email', 'code', 'newPassword'],
    submit: reset,
  };
  const requestMail: PageForm<'email'> = {
    id: 'request',
    ...RESET_PASSWORD.request,
    fields: ['email'],
    async submit({ email }, clientInfo) {
      if (!isEmailAddress(email)) throw invalidInput([{ path: ['input', 'email'], reason: 'INVALID_FORMAT' }]);
      await request(email, clientInfo);
    },
  };
  return { path: PAGES.RESET_PASSWORD, title: RESET_PASSWORD.title, forms: [replace, requestMail] };
}
