import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { Account, toAccount } from '../accounts/account.type.js';
import { ErrorReason, Recovery } from '../errors/error-codes.js';
import { ErrorExtensions } from '../errors/error-extensions.type.js';
import type { RefreshTokenTransport } from '../graphql/refresh-token-transport.js';
import { Session, toSession } from '../sessions/session.type.js';
import type { IssuedTokens } from './token-issuance.js';

@ObjectType('TokenPair', {
  simpleResolvers: true,
  description: 'An auth token and the refresh token that is exchanged for the next pair.',
})
export class TokenPair {
  @Field({ description: 'The authentication scheme of the auth token: always `Bearer` (RFC 6750).' })
  tokenType!: string;

  @Field({ description: 'A JWT (RFC 9068). Send it with every request as `Authorization: Bearer <authToken>`.' })
  authToken!: string;

  @Field({
    description: 'When the auth token expires: by default one hour after it was issued.',
  })
  authTokenExpiresAt!: Date;

  @Field({
    description:
      'An opaque token. `refreshToken` exchanges it for the next pair. Store it as safely as a password. Empty if the server sends refresh tokens in cookies (`REFRESH_TOKEN_TRANSPORT=cookie`).',
  })
  refreshToken!: string;

  @Field({
    description: 'When the refresh token expires: the earlier of the idle and the absolute expiry of the session.',
  })
  refreshTokenExpiresAt!: Date;

  @Field({
    description:
      'When a client should refresh: before the auth token expires, at a random time, so that clients do not all refresh at once.',
  })
  refreshAfter!: Date;

  @Field({ description: "The server's time. A client whose clock is wrong computes with differences to this time." })
  serverTime!: Date;

  @Field(() => Session, { description: 'The session of the tokens.' })
  session!: Session;

  @Field(() => Account, { description: 'The account of the session.' })
  account!: Account;
}

export enum TokenState {
  NONE = 'NONE',
  VALID = 'VALID',
  REJECTED = 'REJECTED',
}

registerEnumType(TokenState, {
  name: 'TokenState',
  description: 'The state of an auth token.',
  valuesConfig: {
    NONE: { description: 'The request carries no auth token.' },
    VALID: { description: 'The auth token is valid.' },
    REJECTED: { description: 'The auth token is not valid. `reason` says why.' },
  },
});

@ObjectType('TokenStatus', { simpleResolvers: true, description: 'Whether the auth token of this request is valid.' })
export class TokenStatus {
  @Field(() => TokenState, { description: 'The state of the auth token.' })
  state!: TokenState;

  @Field(() => ErrorReason, {
    nullable: true,
    description: 'Why the token is missing or not valid. Null for a valid token.',
  })
  reason!: ErrorReason | null;

  @Field(() => Recovery, { description: 'What a client does next. NONE for a valid token.' })
  recovery!: Recovery;

  @Field(() => Date, {
    nullable: true,
    description: 'When the token expires or expired. Null if the token is not authentic.',
  })
  expiresAt!: Date | null;

  @Field(() => ErrorExtensions, {
    nullable: true,
    description:
      'The `extensions` of the error that a protected operation gets with this token. Null for a valid token. Code generators find the types of errors here.',
  })
  error!: ErrorExtensions | null;

  @Field({ description: "The server's time." })
  serverTime!: Date;
}

@ObjectType('LogoutPayload', { simpleResolvers: true, description: 'The result of a logout.' })
export class LogoutPayload {
  @Field({ description: 'Always true, whether or not the token was valid.' })
  loggedOut!: boolean;
}

/** The GraphQL type of issued tokens. Every pair passes here: the transport sends its refresh token to the client. */
export async function toTokenPair(issued: IssuedTokens, refreshTokens: RefreshTokenTransport): Promise<TokenPair> {
  const { session, account, ...tokens } = issued;
  return {
    ...tokens,
    refreshToken: await refreshTokens.deliver(issued),
    tokenType: 'Bearer',
    session: toSession(session, session.id),
    account: toAccount(account, session.id),
  };
}
