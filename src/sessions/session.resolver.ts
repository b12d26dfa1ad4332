import { Arg, Authorized, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Account } from '../accounts/account.type.js';
import { authenticatedViewer, type GraphContext } from '../graphql/context.js';
import type { Clock } from '../shared/clock.js';
import { RevokeSessionInput } from './session.input.js';
import { RevokeSessionPayload, RevokeSessionsPayload, Session, sessionType } from './session.type.js';
import type { Sessions } from './sessions.js';

@Resolver(() => Account)
export class SessionResolver {
  constructor(
    private readonly service: Sessions,
    private readonly clock: Clock,
  ) {}

  @FieldResolver(() => [Session], { description: 'Where the account is logged in, newest login first.' })
  async sessions(@Root() account: Account, @Ctx() { viewer }: GraphContext): Promise<Session[]> {
    const currentSessionId = account.inSessionId ?? (viewer.state === 'authenticated' ? viewer.sessionId : undefined);
    const rows = await this.service.live(account.id, new Date(this.clock.nowMs()));
    return rows.map((row) => sessionType(row, currentSessionId));
  }

  @Authorized()
  @Mutation(() => RevokeSessionPayload, {
    description: 'Ends one of your sessions. Its tokens are refused from the next request on.',
  })
  async revokeSession(
    @Arg('input', () => RevokeSessionInput, { description: 'The session to end.' }) input: RevokeSessionInput,
    @Ctx() context: GraphContext,
  ): Promise<RevokeSessionPayload> {
    await this.service.revoke.one(authenticatedViewer(context), input.sessionId, context.origin);
    return { revokedSessionId: input.sessionId };
  }

  @Authorized()
  @Mutation(() => RevokeSessionsPayload, {
    description: 'Ends all your sessions but the one that this request is made in.',
  })
  async revokeOtherSessions(@Ctx() context: GraphContext): Promise<RevokeSessionsPayload> {
    return { revokedCount: await this.service.revoke.others(authenticatedViewer(context), context.origin) };
  }
}
