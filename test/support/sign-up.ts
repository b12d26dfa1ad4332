import { PASSWORD, TOKENS, type GraphQLReply, type Tandem } from './harness.js';
import { lastMailTo, type ReceivedMail } from './mail.js';

export const SIGN_UP = 'mutation ($input: SignUpInput!) { signUp(input: $input) { accepted continuation expiresAt } }';
export const VERIFY = `mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { verified tokenPair { ${TOKENS} } } }`;

export interface SignedUp {
  continuation: string;
  mail: ReceivedMail;
}

export function signUp(tandem: Tandem, email: string, input: object = {}): Promise<GraphQLReply> {
  return tandem.send(SIGN_UP, { input: { email, password: PASSWORD, displayName: 'Lin', ...input } });
}

/** Signs up, and reads the mail. */
export async function signedUp(tandem: Tandem, email: string, input: object = {}): Promise<SignedUp> {
  const reply = await signUp(tandem, email, input);
  return { continuation: reply.data.signUp.continuation, mail: await lastMailTo(tandem, email) };
}

export function verify(tandem: Tandem, input: object): Promise<GraphQLReply> {
  return tandem.send(VERIFY, { input });
}
