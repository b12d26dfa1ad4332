import { Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import { idString } from '../graphql/string-rules.js';
import { ValidatedBy } from '../graphql/validate-input.js';

@ValidatedBy(z.object({ sessionId: idString }))
@InputType('RevokeSessionInput', { description: 'Identifies one of your sessions.' })
export class RevokeSessionInput {
  @Field(() => ID, { description: 'The session to revoke: an `id` from `me.sessions`.' })
  sessionId!: string;
}
