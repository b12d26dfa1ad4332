import { tandemError, type TandemError } from '@tandem/client';

/** What is wrong with a form that was sent. */
export interface Problem {
  message: string;
  /** By the name of the field. */
  fields: ReadonlyMap<string, string>;
}

/** The user has closed a dialog that an operation needs. */
export class Cancelled extends Error {}

export function problemOf(error: unknown): Problem {
  const known = tandemError(error);
  const fields = (known?.fields ?? []).map(({ path, message }): [string, string] => [path.at(-1) ?? '', message]);
  return { message: error instanceof Cancelled ? 'Nothing was changed.' : messageOf(known), fields: new Map(fields) };
}

function messageOf(error: TandemError | undefined): string {
  if (!error) return 'The server cannot be reached. Check your connection, and try again.';
  const { code, reason, retryAfterSeconds, fields } = error;
  if (reason === 'WRONG_EMAIL_OR_PASSWORD') return 'The e-mail address or the password is wrong.';
  if (reason === 'ONE_TIME_TOKEN_INVALID') {
    return 'The link or the code is wrong, was used before, was replaced by a newer one, or has expired.';
  }
  if (reason === 'INVITATION_REQUIRED') return 'You need an invitation to sign up.';
  if (code === 'RATE_LIMITED') return `There were too many attempts. ${retryText(retryAfterSeconds)}`;
  if (code === 'SERVICE_UNAVAILABLE') return `The service is not available now. ${retryText(retryAfterSeconds)}`;
  if (code === 'UNAUTHENTICATED') return 'You are logged out. Log in again.';
  if (code === 'NOT_FOUND') return 'This does not exist any more.';
  if (code === 'FORBIDDEN') return 'This is not allowed.';
  const messages = fields.map(({ message }) => message).join(' ');
  return messages || 'Something failed in the service. Try again later.';
}

function retryText(seconds: number | undefined): string {
  if (seconds === undefined) return 'Try again later.';
  return seconds < 120 ? `Try again in ${seconds} seconds.` : `Try again in ${Math.ceil(seconds / 60)} minutes.`;
}
