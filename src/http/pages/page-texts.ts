import type { FieldError } from '../../errors/field-errors.js';
import type { FailureKind } from '../../errors/failure.js';
import type { FieldName } from './account-page.js';

/** All texts of the pages. For another language, add a file with the same names. */
export const LANGUAGE = 'en';
export const SERVICE = 'Tandem';

export const FIELD_TEXTS: Readonly<Record<FieldName, { readonly label: string; readonly hint?: string }>> = {
  token: { label: 'The token of the link' },
  email: { label: 'E-mail address' },
  code: { label: 'Code', hint: 'The 8 characters in the mail. Case, spaces and hyphens do not matter.' },
  displayName: { label: 'Name', hint: 'Other people see it. 1 to 100 characters.' },
  password: { label: 'Password', hint: 'The one that you chose when you signed up.' },
  newPassword: {
    label: 'New password',
    hint: '15 to 256 characters of any kind, such as several words that do not belong together.',
  },
};

/** What is wrong with a field. */
export const FIELD_PROBLEMS: Readonly<Partial<Record<FieldError['reason'], string>>> = {
  REQUIRED: 'Fill in this field.',
  BLANK: 'The password must not be blank.',
  TOO_SHORT: 'The password must have at least 15 characters.',
  TOO_LONG: 'This is too long.',
  EASY_TO_GUESS:
    'This password is too easy to guess. Use words that do not belong together, and more than your name, your e-mail address and the name of this service.',
  BREACHED: 'This password is in a public list of stolen passwords, which attackers try first. Choose another one.',
  WRONG_PASSWORD:
    'This is not the password that was chosen when signing up. Try again, or use the code and a new password.',
};
export const OTHER_FIELD_PROBLEM = 'This does not have the required form.';

/** What is wrong with the whole form. */
export const FAILURES: Readonly<Partial<Record<FailureKind, string>>> = {
  ONE_TIME_TOKEN_INVALID:
    'The link or the code is wrong, was used before, was replaced by a newer one, or has expired. Read the newest mail, or request another one in the app.',
  INVITATION_REQUIRED:
    'There is no invitation for this address with this code, or it was used or has expired. Check both, or ask for another invitation.',
  FORBIDDEN: 'Registration is closed. Nothing was changed.',
  CONFLICT: 'Somebody else changed this at the same moment. Try to log in, or send the form again.',
  SERVICE_UNAVAILABLE:
    'The service is unavailable for the moment. Nothing was changed. Send the form again in a few seconds.',
};
export const OTHER_FAILURE = 'Something failed. Open the link in the mail again, and retry.';
export const SEE_FIELDS = 'Nothing was changed. Correct what is marked below.';
export const MALFORMED = 'This request is not from the form of this page. Open the link in the mail again.';

export function tooManyAttempts(seconds: number): string {
  const wait = seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  return `Too many attempts. Nothing was changed. Try again in ${wait}.`;
}

export const VERIFY = {
  title: 'Confirm your e-mail address',
  link: {
    heading: 'With your password',
    intro: 'If you have just signed up, enter the password that you chose. If you did not sign up, close this page.',
    button: 'Confirm',
  },
  code: {
    heading: 'With the code in the mail',
    intro: 'If you forgot the password, or read the mail on another device, enter the code and choose a new password.',
    button: 'Confirm and set the password',
  },
  done: {
    title: 'Your account is active',
    text: 'The e-mail address is confirmed. You can log in in the app now, and close this page.',
  },
};

export const RESET_PASSWORD = {
  title: 'Reset your password',
  code: {
    heading: 'Choose a new password',
    intro: 'Enter the code in the mail. If you did not request it, close this page: your password stays as it is.',
    button: 'Set the password',
    done: {
      title: 'Your password is changed',
      text: 'You are logged out everywhere. Log in in the app with the new password, and close this page.',
    },
  },
  request: {
    heading: 'Request a mail',
    intro: 'If you have no mail with a code, or it is older than one hour, request another one.',
    button: 'Send a mail',
    done: {
      title: 'Look into your mail',
      text: 'A mail is on its way to this address. It says what to do next. If it does not arrive, check the address and the folder for spam.',
    },
  },
};

export const CONFIRM_ADDRESS = {
  title: 'Confirm your new e-mail address',
  text: 'Type the code in the mail in the app, where you are logged in. There the address of your account changes. If you did not request it, close this page: nothing was changed.',
};

const ADDRESS_RESTORED = {
  title: 'Your address is restored',
  text: 'Everybody is logged out, and the password is void. Choose a new one now.',
  next: { path: 'reset-password', text: 'Choose a new password' },
};

export const UNDO_ADDRESS = {
  title: 'Restore your e-mail address',
  link: {
    heading: 'If somebody else changed it',
    intro:
      'Enter the code in the mail. This restores the address, logs out everybody and voids the password. If you changed the address yourself, close this page.',
    button: 'Restore the address',
    done: ADDRESS_RESTORED,
  },
  code: {
    heading: 'With your previous address',
    intro: 'If you opened this page without the link, enter the address that received the mail, too.',
    button: 'Restore this address',
    done: ADDRESS_RESTORED,
  },
};

const DEVICE_LOGGED_OUT = {
  title: 'The device is logged out',
  text: 'Whoever used it may know your password, and can log in again. So choose a new password now. This logs out all other devices, too.',
  next: { path: 'reset-password', text: 'Choose a new password' },
};

export const REVOKE_SESSION = {
  title: 'Log a device out',
  link: {
    heading: 'If it was not you',
    intro:
      'Enter the code in the mail. This logs out the device that the mail is about. If it was you, close this page.',
    button: 'Log the device out',
    done: DEVICE_LOGGED_OUT,
  },
  code: {
    heading: 'With your e-mail address',
    intro: 'If you opened this page without the link, enter the address that received the mail, too.',
    button: 'Log the device of the mail out',
    done: DEVICE_LOGGED_OUT,
  },
};

export const SIGN_UP = {
  title: 'Sign up',
  form: {
    heading: 'With the code of your invitation',
    intro: 'Enter the address that received the invitation, and the code in it. Choose a name and a password.',
    button: 'Sign up',
    done: {
      title: 'Confirm your e-mail address',
      text: 'A mail is on its way to this address. Open its link, and enter the password that you have just chosen. If it does not arrive, check the folder for spam.',
    },
  },
};
