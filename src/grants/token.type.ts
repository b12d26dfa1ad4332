import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { Account, toAccount } from '../accounts/account.type.js';
import { ErrorReason, Recovery } from '../errors/error-codes.js';
import { Session, toSession } from '../sessions/session.type.js';
import type { IssuedTokens } from './token-issuance.js';

@ObjectType('TokenPair', {
  simpleResolvers: true,
  description: 'An auth token, the refresh token that replaces it, and whose they are.',
})
export class TokenPair {
  @Field({ description: 'How the auth token is sent: always `Bearer`.' })
  tokenType!: string;

  @Field({ description: 'A JWT (RFC 9068) that proves who you are. Send it as `Authorization: Bearer <authToken>`.' })
  authToken!: string;

  @Field({
    description:
      'When the auth token expires: one hour after it was issued, unless the server is configured otherwise.',
  })
  authTokenExpiresAt!: Date;

  @Field({
    description: 'An opaque token to be exchanged for the next pair by `refreshToken`. Keep it as safe as a password.',
  })
  refreshToken!: string;

  @Field({
    description: 'When the refresh token expires: the nearer of the idle end and the absolute end of the session.',
  })
  refreshTokenExpiresAt!: Date;

  @Field({
    description:
      'When a client should refresh: before the auth token expires, spread so that clients do not all come at once.',
  })
  refreshAfter!: Date;

  @Field({ description: "The server's time, so that a client with a wrong clock can count in differences." })
  serverTime!: Date;

  @Field(() => Session, { description: 'The session that the tokens belong to.' })
  session!: Session;

  @Field(() => Account, { description: 'The account that the tokens speak for.' })
  account!: Account;
}

export enum TokenState {
  NONE = 'NONE',
  VALID = 'VALID',
  REJECTED = 'REJECTED',
}

registerEnumType(TokenState, {
  name: 'TokenState',
  description: 'What an auth token is worth.',
  valuesConfig: {
    NONE: { description: 'No auth token was sent.' },
    VALID: { description: 'The auth token is good.' },
    REJECTED: { description: 'The auth token is not good; the reason says why.' },
  },
});

@ObjectType('TokenStatus', { simpleResolvers: true, description: 'What the auth token of this very request is worth.' })
export class TokenStatus {
  @Field(() => TokenState, { description: 'Whether the token is good.' })
  state!: TokenState;

  @Field(() => ErrorReason, {
    nullable: true,
    description: 'Why the token is not good, or missing. It is null for a good one.',
  })
  reason!: ErrorReason | null;

  @Field(() => Recovery, { description: 'What a client does next. It is NONE for a good token.' })
  recovery!: Recovery;

  @Field(() => Date, {
    nullable: true,
    description: 'When the token expires or expired. It is null when that is not known for sure.',
  })
  expiresAt!: Date | null;

  @Field({ description: "The server's time." })
  serverTime!: Date;
}

@ObjectType('LogoutPayload', { simpleResolvers: true, description: 'The answer to a logout.' })
export class LogoutPayload {
  @Field({ description: 'Always true. What the token was worth is not told.' })
  loggedOut!: boolean;
}

/** The public form of a token pair. */
export function toTokenPair({ session, account, ...tokens }: IssuedTokens): TokenPair {
  return {
    ...tokens,
    tokenType: 'Bearer',
    session: toSession(session, session.id),
    account: toAccount(account, session.id),
  };
}
