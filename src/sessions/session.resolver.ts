import { Arg, Authorized, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Account } from '../accounts/account.type.js';
import { authenticatedViewer, type GraphContext } from '../graphql/context.js';
import { RevokeSessionInput } from './session.input.js';
import { RevokeSessionPayload, RevokeSessionsPayload, Session, toSession } from './session.type.js';
import type { OwnSessions } from './own-sessions.js';

@Resolver(() => Account)
export class SessionResolver {
  constructor(private readonly ownSessions: OwnSessions) {}

  @FieldResolver(() => [Session], { description: 'Where the account is logged in, newest login first.' })
  async sessions(@Root() account: Account, @Ctx() { viewer }: GraphContext): Promise<Session[]> {
    const currentSessionId = account.inSessionId ?? (viewer.state === 'authenticated' ? viewer.sessionId : undefined);
    const rows = await this.ownSessions.list(account.id);
    return rows.map((row) => toSession(row, currentSessionId));
  }

  @Authorized()
  @Mutation(() => RevokeSessionPayload, {
    description: 'Ends one of your sessions. Its tokens are refused from the next request on.',
  })
  async revokeSession(
    @Arg('input', () => RevokeSessionInput, { description: 'The session to end.' }) input: RevokeSessionInput,
    @Ctx() context: GraphContext,
  ): Promise<RevokeSessionPayload> {
    await this.ownSessions.revokeOne(authenticatedViewer(context), input.sessionId, context.clientInfo);
    return { revokedSessionId: input.sessionId };
  }

  @Authorized()
  @Mutation(() => RevokeSessionsPayload, {
    description: 'Ends all your sessions but the one that this request is made in.',
  })
  async revokeOtherSessions(@Ctx() context: GraphContext): Promise<RevokeSessionsPayload> {
    return { revokedCount: await this.ownSessions.revokeOthers(authenticatedViewer(context), context.clientInfo) };
  }
}
