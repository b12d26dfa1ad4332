import type { GraphQLReply, RequestOptions, Tandem } from './harness.js';
import { lastMailTo, type ReceivedMail } from './mail.js';

export const NEW_PASSWORD = 'seven otters in a teapot';

const REQUEST = 'mutation ($input: EmailInput!) { requestPasswordReset(input: $input) { accepted } }';
const RESET = 'mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { accepted } }';

export function requestReset(tandem: Tandem, email: string, options?: RequestOptions): Promise<GraphQLReply> {
  return tandem.send(REQUEST, { input: { email } }, options);
}

/** Requests a reset, and reads the mail. */
export async function resetMail(tandem: Tandem, email: string): Promise<ReceivedMail> {
  await requestReset(tandem, email);
  return lastMailTo(tandem, email);
}

export function reset(tandem: Tandem, proof: object, options?: RequestOptions): Promise<GraphQLReply> {
  return tandem.send(RESET, { input: { newPassword: NEW_PASSWORD, ...proof } }, options);
}
