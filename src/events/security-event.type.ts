import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { SecurityEventKind, SessionEnd } from '../database/generated/enums.js';
import { PageInfo } from '../graphql/connection.type.js';

registerEnumType(SecurityEventKind, {
  name: 'SecurityEventKind',
  description: 'What happened to the security of an account.',
  valuesConfig: {
    LOGGED_IN: { description: 'Somebody logged in with the password.' },
    LOGGED_IN_ON_NEW_DEVICE: { description: 'Somebody logged in with the password, from software not seen lately.' },
    LOGIN_FAILED: { description: 'Logins failed because the password was wrong.' },
    SESSION_ENDED: { description: 'A session was ended; the end reason says by what.' },
    REFRESH_TOKEN_REUSED: {
      description: 'A refresh token was shown after its successor was in use, so somebody must have copied it.',
    },
    PASSWORD_CHANGED: { description: 'The password was changed.' },
    ROLE_CHANGED: { description: 'An operator changed what the account may do.' },
    ACCOUNT_DISABLED: { description: 'An operator disabled the account.' },
    ACCOUNT_ENABLED: { description: 'An operator enabled the account again.' },
  },
});

registerEnumType(SessionEnd, {
  name: 'SessionEndReason',
  description: 'What ended a session.',
  valuesConfig: {
    LOGGED_OUT: { description: 'A logout, of this session or of all.' },
    REVOKED: { description: 'Its owner ended it from another session.' },
    SESSION_LIMIT: { description: 'It was the oldest when one more login passed the limit of sessions.' },
    PASSWORD_CHANGED: { description: 'The password was changed in another session.' },
    ACCOUNT_DISABLED: { description: 'An operator disabled the account.' },
    REFRESH_TOKEN_REUSED: { description: 'A copied refresh token was shown.' },
  },
});

@ObjectType('TokenHolder', { simpleResolvers: true, description: 'Somebody who held a refresh token of a session.' })
export class TokenHolder {
  @Field(() => String, { nullable: true, description: 'The address that the token was last shown from.' })
  ipAddress!: string | null;

  @Field(() => String, { nullable: true, description: 'The User-Agent header that came with it.' })
  userAgent!: string | null;

  @Field(() => Int, {
    description: 'How often the session had been refreshed, counting the login, when the token was made.',
  })
  generation!: number;
}

@ObjectType('SecurityEvent', {
  simpleResolvers: true,
  description: 'Something that happened to the security of your account.',
})
export class SecurityEvent {
  @Field(() => ID, { description: 'Identifies the event. It never changes.' })
  id!: string;

  @Field(() => SecurityEventKind, { description: 'What happened.' })
  kind!: SecurityEventKind;

  @Field({ description: 'When it happened.' })
  at!: Date;

  @Field(() => ID, { nullable: true, description: 'The session that it concerns, which may be long over.' })
  sessionId!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The IP address of the client. For failed logins from several addresses: the network that contains all of them, as in `192.0.2.0/24`.',
  })
  ipAddress!: string | null;

  @Field(() => String, { nullable: true, description: 'The User-Agent header of the request.' })
  userAgent!: string | null;

  @Field(() => String, { nullable: true, description: 'The name of the device, for a login that gave one.' })
  deviceName!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'For LOGIN_FAILED: how many logins failed. One event counts those of about 10 minutes.',
  })
  attempts!: number | null;

  @Field(() => SessionEnd, { nullable: true, description: 'What ended the session, for SESSION_ENDED.' })
  endReason!: SessionEnd | null;

  @Field(() => TokenHolder, { nullable: true, description: 'Who showed the retired token, for REFRESH_TOKEN_REUSED.' })
  shownBy!: TokenHolder | null;

  @Field(() => TokenHolder, { nullable: true, description: 'Who held its successor, for REFRESH_TOKEN_REUSED.' })
  heldBy!: TokenHolder | null;
}

@ObjectType('SecurityEventEdge', {
  simpleResolvers: true,
  description: 'An event together with its place in the list.',
})
export class SecurityEventEdge {
  @Field({ description: 'The place of this event in the list, to be sent as `after` or `before`.' })
  cursor!: string;

  @Field(() => SecurityEvent, { description: 'The event.' })
  node!: SecurityEvent;
}

@ObjectType('SecurityEventConnection', {
  simpleResolvers: true,
  description: 'A page of events, newest first (Relay cursor connections).',
})
export class SecurityEventConnection {
  @Field(() => [SecurityEventEdge], { description: 'The events of this page with their cursors.' })
  edges!: SecurityEventEdge[];

  @Field(() => [SecurityEvent], { description: 'The events of this page.' })
  nodes!: SecurityEvent[];

  @Field(() => PageInfo, { description: 'Whether there is more, and the cursors to ask for it.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'How many events there are. They are counted only when asked for.' })
  totalCount!: () => Promise<number>;
}
