import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { SecurityEventKind, SessionEnd } from '../database/generated/enums.js';
import { connectionType } from '../graphql/connection.type.js';

registerEnumType(SecurityEventKind, {
  name: 'SecurityEventKind',
  description: 'The kind of a security event.',
  valuesConfig: {
    LOGGED_IN: { description: 'A login with the correct password.' },
    LOGGED_IN_ON_NEW_DEVICE: {
      description:
        'A login with the correct password from a network, or with a User-Agent header, that no login of the last 90 days came with. Versions in the header do not count.',
    },
    LOGIN_FAILED: { description: 'Logins failed because the password was wrong.' },
    SESSION_ENDED: { description: 'A session was revoked. `endReason` says why.' },
    REFRESH_TOKEN_REUSED: {
      description:
        'A previous refresh token was presented after its successor was used. Somebody must have copied it. The session was revoked.',
    },
    REFRESH_TOKEN_REPEATED: {
      description:
        'A refresh token that was exchanged shortly before was presented by another client, which received the same successor. It may be the same person on another network, or somebody who copied the token.',
    },
    REFRESH_TOKEN_SUPERSEDED: {
      description:
        'A refresh token from before a password change was presented. The server rejected it. It may be from another tab of the same browser, or a copy.',
    },
    PASSWORD_CHANGED: { description: 'The password was changed.' },
    ROLE_CHANGED: { description: 'An operator changed what the account may do.' },
    ACCOUNT_DISABLED: { description: 'An operator disabled the account.' },
    ACCOUNT_ENABLED: { description: 'An operator enabled the account again.' },
    SIGNED_UP: { description: 'The account was requested: a sign-up with its address, which was verified later.' },
    EMAIL_VERIFIED: { description: 'The address was verified, and the account was activated.' },
    PASSWORD_RESET: { description: 'The password was replaced by means of a mail.' },
    EMAIL_CHANGE_REQUESTED: { description: 'A change of the address was requested, and waits for its confirmation.' },
    EMAIL_CHANGED: { description: 'The address was changed.' },
    EMAIL_CHANGE_UNDONE: {
      description: 'A change of the address was undone by means of a mail to the previous address.',
    },
    EMAIL_CHANGE_CANCELLED: { description: 'A change of the address was cancelled before its confirmation.' },
    DISPLAY_NAME_CHANGED: { description: 'The name that other viewers see was changed.' },
    REAUTHENTICATED: { description: 'The person proved again who they are, in a session that was open.' },
    ACCOUNT_DELETION_REQUESTED: {
      description: 'The deletion of the account was requested. A login within 7 days restores it.',
    },
    ACCOUNT_RESTORED: { description: 'A login restored the account before its deletion.' },
    SESSION_REPORTED: {
      description: 'A session was reported by means of a mail. If it had not ended, it was revoked.',
    },
  },
});

registerEnumType(SessionEnd, {
  name: 'SessionEndReason',
  description: 'Why a session was revoked.',
  valuesConfig: {
    LOGGED_OUT: { description: 'A logout, of this session or of all.' },
    REVOKED: { description: 'Its owner revoked it, from another session or by means of a mail.' },
    SESSION_LIMIT: { description: 'It was the oldest session when a login exceeded the session limit.' },
    PASSWORD_CHANGED: { description: 'The password was changed in another session, or reset.' },
    ACCOUNT_DISABLED: { description: 'An operator disabled the account.' },
    REFRESH_TOKEN_REUSED: { description: 'A previous refresh token was reused.' },
    EMAIL_CHANGED: { description: 'The address was changed in another session.' },
    EMAIL_CHANGE_UNDONE: { description: 'A change of the address was undone.' },
    ACCOUNT_DELETED: { description: 'The deletion of the account was requested.' },
  },
});

@ObjectType('TokenHolder', { simpleResolvers: true, description: 'A client that held a refresh token of a session.' })
export class TokenHolder {
  @Field(() => String, { nullable: true, description: 'The client IP address that last presented the token.' })
  ipAddress!: string | null;

  @Field(() => String, { nullable: true, description: 'The User-Agent header of that request.' })
  userAgent!: string | null;

  @Field(() => Int, {
    description: 'The generation of the token: 1 after the login, then one more for each refresh.',
  })
  generation!: number;
}

@ObjectType('SecurityEvent', {
  simpleResolvers: true,
  description: 'An event in the security timeline of your account.',
})
export class SecurityEvent {
  @Field(() => ID, { description: 'Identifies the event. It never changes.' })
  id!: string;

  @Field(() => SecurityEventKind, { description: 'What happened.' })
  kind!: SecurityEventKind;

  @Field({ description: 'When it happened.' })
  at!: Date;

  @Field(() => ID, { nullable: true, description: 'The session of the event. It may have been deleted since.' })
  sessionId!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The IP address of the client. For failed logins from several addresses: the network that contains all of them, as in `192.0.2.0/24`.',
  })
  ipAddress!: string | null;

  @Field(() => String, { nullable: true, description: 'The User-Agent header of the request.' })
  userAgent!: string | null;

  @Field(() => String, { nullable: true, description: 'The device name of a login that sent one.' })
  deviceName!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'For LOGIN_FAILED: how many logins failed. One event counts those of about 10 minutes.',
  })
  attempts!: number | null;

  @Field(() => SessionEnd, { nullable: true, description: 'Why the session was revoked. Only for SESSION_ENDED.' })
  endReason!: SessionEnd | null;

  @Field(() => TokenHolder, {
    nullable: true,
    description: 'The client that presented the previous token. Only for the kinds that begin with REFRESH_TOKEN.',
  })
  shownBy!: TokenHolder | null;

  @Field(() => TokenHolder, {
    nullable: true,
    description: 'The client that held its successor. Only for the kinds that begin with REFRESH_TOKEN.',
  })
  heldBy!: TokenHolder | null;
}

export const SecurityEventConnection = connectionType('SecurityEvent', SecurityEvent);
