import { linkOf, PAGES } from '../mail/mail-links.js';
import type { ComposeMail } from '../mail/mail-sender.js';
import type { MailTemplate } from '../mail/mail-templates.js';
import type { IsTaken } from './address-use.js';
import type { OneTimeTokens } from './one-time-tokens.js';

/**
 * Decides at send time what a mail says. A request for an address does the same work whether or not the address has an
 * account; only the mail, which its owner alone reads, tells the difference.
 */
export function mailComposition(
  tokens: Pick<OneTimeTokens, 'findActive' | 'secretsOf'>,
  isTaken: IsTaken,
  publicUrl: string,
): ComposeMail {
  return async ({ template, toAddress, oneTimeTokenId }) => {
    const resetPage = publicUrl + PAGES.RESET_PASSWORD;
    const mail = { template: template as MailTemplate, toAddress, resetPage };
    if (oneTimeTokenId === null) return mail;
    const token = await tokens.findActive(oneTimeTokenId);
    const secrets = token && tokens.secretsOf(token);
    if (!secrets) return undefined;
    if (token.purpose === 'VERIFY_EMAIL' && (await isTaken(token.email))) {
      return { ...mail, template: 'sign-up-with-account' };
    }
    if (token.purpose === 'VERIFY_EMAIL' && token.signUpId === null) return { ...mail, template: 'sign-up-expired' };
    if (token.purpose === 'CHANGE_EMAIL' && (await isTaken(token.email, token.accountId ?? undefined))) {
      return { ...mail, template: 'change-email-taken' };
    }
    if (token.purpose === 'RESET_PASSWORD' && token.accountId === null) {
      return { ...mail, template: 'reset-without-account' };
    }
    const code = `${secrets.code.slice(0, 4)}-${secrets.code.slice(4)}`;
    return { ...mail, link: linkOf(publicUrl, token.purpose, secrets.token), code };
  };
}
