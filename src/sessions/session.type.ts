import { Field, ID, Int, ObjectType } from 'type-graphql';
import { expiryOf } from './session-expiry.js';
import type { SessionRow } from './session-row.js';

@ObjectType('Session', {
  simpleResolvers: true,
  description: 'One login on one device. It lasts until it is revoked or expires.',
})
export class Session {
  @Field(() => ID, { description: 'The ID of the session. Its auth tokens carry it as the claim `sid`.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'The name of the device that was sent with the login.' })
  deviceName!: string | null;

  @Field(() => String, { nullable: true, description: 'The User-Agent header of the last login or refresh.' })
  userAgent!: string | null;

  @Field(() => String, { nullable: true, description: 'The client IP address of the last login or refresh.' })
  ipAddress!: string | null;

  @Field({ description: 'When the client logged in.' })
  createdAt!: Date;

  @Field({ description: 'When the person last proved who they are in this session: by default at the login.' })
  authenticatedAt!: Date;

  @Field({ description: 'When the session was last refreshed; before the first refresh, the time of the login.' })
  lastUsedAt!: Date;

  @Field({
    description: 'When the session expires unless it is refreshed: the earlier of its idle and its absolute expiry.',
  })
  expiresAt!: Date;

  @Field({ description: 'Whether this is the session of this request.' })
  current!: boolean;
}

@ObjectType('RevokeSessionPayload', { simpleResolvers: true, description: 'The result of revoking a session.' })
export class RevokeSessionPayload {
  @Field(() => ID, { description: 'The revoked session. All its tokens are rejected from now on.' })
  revokedSessionId!: string;
}

@ObjectType('RevokeSessionsPayload', { simpleResolvers: true, description: 'The result of revoking several sessions.' })
export class RevokeSessionsPayload {
  @Field(() => Int, { description: 'How many sessions were revoked. The session of this request is not among them.' })
  revokedCount!: number;
}

/** The GraphQL type of a session row. */
export function toSession(row: SessionRow, currentSessionId: string | undefined): Session {
  const { id, deviceName, userAgent, ipAddress, createdAt, rotatedAt } = row;
  return {
    id,
    deviceName,
    userAgent,
    ipAddress,
    createdAt,
    authenticatedAt: row.authenticatedAt ?? createdAt,
    lastUsedAt: rotatedAt,
    expiresAt: expiryOf(row),
    current: id === currentSessionId,
  };
}
