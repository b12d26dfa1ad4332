import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Account } from '../accounts/account.type.js';
import type { GraphContext } from '../graphql/context.js';
import { Idempotent } from '../graphql/access.js';
import { CurrentViewer } from '../graphql/current-viewer.js';
import { RevokeSessionInput } from './session.input.js';
import { RevokeSessionPayload, RevokeSessionsPayload, Session, toSession } from './session.type.js';
import type { AuthenticatedViewer } from '../tokens/viewer.js';
import type { OwnSessions } from './own-sessions.js';

@Resolver(() => Account)
export class SessionResolver {
  constructor(private readonly ownSessions: OwnSessions) {}

  @FieldResolver(() => [Session], { description: 'The active sessions of the account, newest login first.' })
  async sessions(@Root() account: Account, @Ctx() { viewer, deadline }: GraphContext): Promise<Session[]> {
    deadline.throwIfPassed();
    const currentSessionId = account.inSessionId ?? (viewer.state === 'authenticated' ? viewer.sessionId : undefined);
    const rows = await this.ownSessions.list(account.id);
    return rows.map((row) => toSession(row, currentSessionId));
  }

  @Idempotent()
  @Mutation(() => RevokeSessionPayload, {
    description:
      'Revokes one of your sessions. From the next request on its tokens change nothing. Another process may serve reads for some milliseconds more.',
  })
  async revokeSession(
    @Arg('input', () => RevokeSessionInput, { description: 'The session to revoke.' }) input: RevokeSessionInput,
    @CurrentViewer() viewer: AuthenticatedViewer,
    @Ctx() { clientInfo }: GraphContext,
  ): Promise<RevokeSessionPayload> {
    await this.ownSessions.revokeOne(viewer, input.sessionId, clientInfo);
    return { revokedSessionId: input.sessionId };
  }

  @Idempotent()
  @Mutation(() => RevokeSessionsPayload, {
    description: 'Revokes all your sessions except the one of this request.',
  })
  async revokeOtherSessions(
    @CurrentViewer() viewer: AuthenticatedViewer,
    @Ctx() { clientInfo }: GraphContext,
  ): Promise<RevokeSessionsPayload> {
    return { revokedCount: await this.ownSessions.revokeOthers(viewer, clientInfo) };
  }
}
