import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { ACCEPTED, AcceptedPayload } from '../accounts/accepted.type.js';
import { Public } from '../graphql/access.js';
import type { GraphContext } from '../graphql/context.js';
import { RevokeReportedSessionInput } from './reported-session.input.js';
import type { RevokeReportedSession } from './reported-sessions.js';

@Resolver()
export class ReportedSessionResolver {
  constructor(private readonly revoke: RevokeReportedSession) {}

  @Public()
  @Mutation(() => AcceptedPayload, {
    description:
      'Revokes the session that a notice is about, by means of the mail and without a token. If the session has ended already, nothing else changes. Whoever opened it may know the password: offer `requestPasswordReset` next.',
  })
  async revokeReportedSession(
    @Arg('input', () => RevokeReportedSessionInput, { description: 'The proof.' }) input: RevokeReportedSessionInput,
    @Ctx() { clientInfo }: GraphContext,
  ): Promise<AcceptedPayload> {
    await this.revoke(input, clientInfo);
    return ACCEPTED;
  }
}
