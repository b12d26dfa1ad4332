import { Field, ID, InputType } from 'type-graphql';

@InputType({ description: 'Names a session of your own.' })
export class RevokeSessionInput {
  @Field(() => ID, { description: 'The session to end, as found in `me.sessions`.' })
  sessionId!: string;
}
