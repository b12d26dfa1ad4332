import { Field, ObjectType } from 'type-graphql';

@ObjectType('AcceptedPayload', {
  simpleResolvers: true,
  description: 'The server has accepted the request. The response says nothing more.',
})
export class AcceptedPayload {
  @Field({ description: 'Always true.' })
  accepted!: boolean;
}

export const ACCEPTED: AcceptedPayload = { accepted: true };
