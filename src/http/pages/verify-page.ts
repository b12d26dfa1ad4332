import { Failure } from '../../errors/failure.js';
import type { ActivateAccount } from '../../grants/email-verification.js';
import { PAGES } from '../../mail/mail-links.js';
import type { AccountPage, PageForm } from './account-page.js';
import { VERIFY } from './page-texts.js';

/** Activates the account of a sign-up. It opens no session: the person logs in where the tokens are needed. */
export function verifyPage(activate: ActivateAccount): AccountPage {
  const { title, link, code, done } = VERIFY;
  const submit: PageForm['submit'] = async (values, clientInfo, isAbandoned) => {
    if (!(await activate(values, clientInfo, isAbandoned))) throw new Failure('ONE_TIME_TOKEN_INVALID');
  };
  return {
    path: PAGES.VERIFY_EMAIL,
    title,
    forms: [
      { id: 'link', ...link, fields: ['token', 'password'], submit, done },
      { id: 'code', ...code, fields: ['email', 'code', 'newPassword'], submit, done },
    ],
  };
}
