import type { SecurityEventKind, SessionEndReason } from '../generated/graphql';

export const EVENT_KINDS: Readonly<Record<SecurityEventKind, string>> = {
  ACCOUNT_DELETION_REQUESTED: 'Deletion of the account requested',
  ACCOUNT_DISABLED: 'Account disabled by an operator',
  ACCOUNT_ENABLED: 'Account enabled by an operator',
  ACCOUNT_RESTORED: 'Account restored by a login',
  DISPLAY_NAME_CHANGED: 'Name changed',
  EMAIL_CHANGED: 'E-mail address changed',
  EMAIL_CHANGE_CANCELLED: 'Change of the e-mail address cancelled',
  EMAIL_CHANGE_REQUESTED: 'Change of the e-mail address requested',
  EMAIL_CHANGE_UNDONE: 'Change of the e-mail address undone',
  EMAIL_VERIFIED: 'E-mail address verified',
  LOGGED_IN: 'Login',
  LOGGED_IN_ON_NEW_DEVICE: 'Login on a new device',
  LOGIN_FAILED: 'Login with a wrong password',
  PASSWORD_CHANGED: 'Password changed',
  PASSWORD_RESET: 'Password replaced by means of a mail',
  REAUTHENTICATED: 'Password entered again',
  REFRESH_TOKEN_REPEATED: 'Refresh token presented by two clients',
  REFRESH_TOKEN_REUSED: 'Refresh token reused: it may have been copied',
  REFRESH_TOKEN_SUPERSEDED: 'Refresh token from before a password change presented',
  ROLE_CHANGED: 'Role changed by an operator',
  SESSION_ENDED: 'Session revoked',
  SESSION_REPORTED: 'Session reported by means of a mail',
  SIGNED_UP: 'Signed up',
};

export const END_REASONS: Readonly<Record<SessionEndReason, string>> = {
  ACCOUNT_DELETED: 'The deletion of the account was requested.',
  ACCOUNT_DISABLED: 'An operator disabled the account.',
  EMAIL_CHANGED: 'The address was changed in another session.',
  EMAIL_CHANGE_UNDONE: 'A change of the address was undone.',
  LOGGED_OUT: 'Logout.',
  PASSWORD_CHANGED: 'The password was changed in another session, or replaced.',
  REFRESH_TOKEN_REUSED: 'A previous refresh token was reused.',
  REVOKED: 'Revoked from another session, or by means of a mail.',
  SESSION_LIMIT: 'It was the oldest of too many sessions.',
};
