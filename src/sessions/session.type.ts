import { Field, ID, Int, ObjectType } from 'type-graphql';
import { expiryOf } from './session-expiry.js';
import type { SessionRow } from './session-row.js';

@ObjectType('Session', {
  simpleResolvers: true,
  description: 'One login on one device. It lasts until it is ended, left unused for too long, or reaches its end.',
})
export class Session {
  @Field(() => ID, { description: 'Identifies the session. It is the claim `sid` of its auth tokens.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'The name of the device, as it was given at login.' })
  deviceName!: string | null;

  @Field(() => String, { nullable: true, description: 'The User-Agent header of the last login or refresh.' })
  userAgent!: string | null;

  @Field(() => String, { nullable: true, description: 'The address that the last login or refresh came from.' })
  ipAddress!: string | null;

  @Field({ description: 'When the login was.' })
  createdAt!: Date;

  @Field({ description: 'When the session was last refreshed, or the time of the login.' })
  lastUsedAt!: Date;

  @Field({
    description: 'When the session ends unless it is refreshed before: the nearer of its idle and its absolute end.',
  })
  expiresAt!: Date;

  @Field({ description: 'Whether it is the session that this request was made in.' })
  current!: boolean;
}

@ObjectType('RevokeSessionPayload', { simpleResolvers: true, description: 'Says which session was ended.' })
export class RevokeSessionPayload {
  @Field(() => ID, { description: 'The session, all of whose tokens are refused from now on.' })
  revokedSessionId!: string;
}

@ObjectType('RevokeSessionsPayload', { simpleResolvers: true, description: 'Says how many sessions were ended.' })
export class RevokeSessionsPayload {
  @Field(() => Int, { description: 'The number of sessions, not counting the one that this request was made in.' })
  revokedCount!: number;
}

/** The public form of a session. */
export function toSession(row: SessionRow, currentSessionId: string | undefined): Session {
  const { id, deviceName, userAgent, ipAddress, createdAt, rotatedAt } = row;
  const current = id === currentSessionId;
  return { id, deviceName, userAgent, ipAddress, createdAt, lastUsedAt: rotatedAt, expiresAt: expiryOf(row), current };
}
