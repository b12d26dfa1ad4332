import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { Idempotent, Public } from '../graphql/access.js';
import type { GraphContext } from '../graphql/context.js';
import { CurrentViewer } from '../graphql/current-viewer.js';
import { Failure } from '../errors/failure.js';
import { publicError } from '../errors/public-error.js';
import type { Clock } from '../shared/clock.js';
import { Recovery } from '../errors/error-codes.js';
import type { AuthenticatedViewer } from '../tokens/viewer.js';
import { statusOf } from '../authentication/token-status.js';
import type { LogIn } from './login.js';
import type { LogOut } from './logout.js';
import type { ChangePassword } from './password-change.js';
import type { Reauthenticate } from './reauthentication.js';
import type { Refresh } from './refresh.js';
import { ChangePasswordInput, LoginInput, LogoutInput, ReauthenticateInput, RefreshTokenInput } from './token.input.js';
import { LogoutPayload, TokenPair, toTokenPair, TokenState, TokenStatus } from './token.type.js';

export interface Grants {
  readonly logIn: LogIn;
  readonly refresh: Refresh;
  readonly logOut: LogOut;
  readonly changePassword: ChangePassword;
  readonly reauthenticate: Reauthenticate;
}

@Resolver()
export class TokenResolver {
  constructor(
    private readonly grants: Grants,
    private readonly clock: Clock,
  ) {}

  @Public()
  @Query(() => TokenStatus, {
    description:
      'Whether the auth token of this request is valid. An invalid or missing token is a result here, not an error.',
  })
  tokenStatus(@Ctx() { viewer }: GraphContext): TokenStatus {
    const status = statusOf(viewer);
    const error = status.reason ? publicError(new Failure(status.reason)).extensions : null;
    return {
      ...status,
      state: TokenState[status.state],
      recovery: error?.recovery ?? Recovery.NONE,
      error,
      serverTime: new Date(this.clock.nowMs()),
    };
  }

  @Public()
  @Mutation(() => TokenPair, {
    description: 'Logs in with an e-mail address and a password. Returns the token pair of a new session.',
  })
  async login(
    @Arg('input', () => LoginInput, { description: 'The credentials.' }) input: LoginInput,
    @Ctx() { clientInfo, isAbandoned, refreshTokens }: GraphContext,
  ): Promise<TokenPair> {
    const { email, password, deviceName } = input;
    const credentials = { email, password, deviceName: deviceName ?? undefined };
    return toTokenPair(await this.grants.logIn(credentials, clientInfo, isAbandoned), refreshTokens);
  }

  @Public()
  @Idempotent({ key: 'idempotencyKey' })
  @Mutation(() => TokenPair, {
    description:
      'Exchanges a refresh token for the next token pair. The previous refresh token stays valid until the server has seen its successor, so a client may retry after a lost response. After that the server rejects it; presented by anybody but the client that began its exchange, it counts as reuse and revokes the session.',
  })
  async refreshToken(
    @Arg('input', () => RefreshTokenInput, { description: 'The refresh token to exchange.' }) input: RefreshTokenInput,
    @Ctx() { clientInfo, refreshTokens }: GraphContext,
  ): Promise<TokenPair> {
    const refreshToken = await refreshTokens.forRefresh(input);
    const request = { refreshToken, idempotencyKey: input.idempotencyKey ?? undefined };
    return toTokenPair(await this.grants.refresh(request, clientInfo), refreshTokens);
  }

  @Public()
  @Idempotent()
  @Mutation(() => LogoutPayload, {
    description:
      'Revokes the session of the auth token, which may have expired, or of a refresh token. Repeating it is safe. The response is the same for every token, valid or not. After too many unknown refresh tokens from one client address it is RATE_LIMITED. With `everywhere` it fails with UNAUTHENTICATED unless the auth token is valid or the refresh token is the current one; then at most the session of the token was revoked.',
  })
  async logout(
    @Arg('input', () => LogoutInput, {
      nullable: true,
      description: 'Which sessions to log out. Without it, the session of the auth token.',
    })
    input: LogoutInput | undefined,
    @Ctx() { viewer, clientInfo, refreshTokens }: GraphContext,
  ): Promise<LogoutPayload> {
    const everywhere = input?.everywhere ?? false;
    await refreshTokens.forLogout(input ?? {}, viewer, (refreshToken) =>
      this.grants.logOut({ refreshToken, everywhere }, viewer, clientInfo),
    );
    return { loggedOut: true };
  }

  @Mutation(() => TokenPair, {
    description:
      'Changes your password and revokes all your other sessions. This session continues with the returned token pair; all its earlier tokens are void.',
  })
  async changePassword(
    @Arg('input', () => ChangePasswordInput, { description: 'The current and the new password.' })
    input: ChangePasswordInput,
    @CurrentViewer() viewer: AuthenticatedViewer,
    @Ctx() { clientInfo, isAbandoned, refreshTokens }: GraphContext,
  ): Promise<TokenPair> {
    return toTokenPair(await this.grants.changePassword(viewer, input, clientInfo, isAbandoned), refreshTokens);
  }

  @Mutation(() => TokenPair, {
    description:
      'Proves again who you are, for mutations that require a recent login (`RECENT_LOGIN_REQUIRED`). They accept this session for 10 minutes. It continues with the returned token pair; all its earlier tokens are void.',
  })
  async reauthenticate(
    @Arg('input', () => ReauthenticateInput, { description: 'The proof.' }) { password }: ReauthenticateInput,
    @CurrentViewer() viewer: AuthenticatedViewer,
    @Ctx() { clientInfo, isAbandoned, refreshTokens }: GraphContext,
  ): Promise<TokenPair> {
    const issued = await this.grants.reauthenticate(viewer, password ?? undefined, clientInfo, isAbandoned);
    return toTokenPair(issued, refreshTokens);
  }
}
