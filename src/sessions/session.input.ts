import { Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import { idText } from '../graphql/string-rules.js';
import { ValidatedBy } from '../graphql/validate-input.js';

@ValidatedBy(z.object({ sessionId: idText }))
@InputType('RevokeSessionInput', { description: 'Names a session of your own.' })
export class RevokeSessionInput {
  @Field(() => ID, { description: 'The session to end, as found in `me.sessions`.' })
  sessionId!: string;
}
