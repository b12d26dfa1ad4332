import { Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import { idText } from '../graphql/string-rules.js';
import { ValidatedBy } from '../graphql/validate-input.js';

@ValidatedBy(z.object({ sessionId: idText }))
@InputType('RevokeSessionInput', { description: 'Identifies one of your sessions.' })
export class RevokeSessionInput {
  @Field(() => ID, { description: 'The session to revoke: an `id` from `me.sessions`.' })
  sessionId!: string;
}
