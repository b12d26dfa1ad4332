import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { Public, PublicSole } from '../graphql/access.js';
import type { GraphContext } from '../graphql/context.js';
import { CurrentViewer } from '../graphql/current-viewer.js';
import { ERROR_TABLE } from '../errors/error-table.js';
import type { Clock } from '../shared/clock.js';
import { Recovery } from '../errors/error-codes.js';
import type { AuthenticatedViewer } from '../tokens/viewer.js';
import { statusOf } from '../authentication/token-status.js';
import type { LogIn } from './login.js';
import type { LogOut } from './logout.js';
import type { ChangePassword } from './password-change.js';
import type { Refresh } from './refresh.js';
import { ChangePasswordInput, LoginInput, LogoutInput, RefreshTokenInput } from './token.input.js';
import { LogoutPayload, TokenPair, toTokenPair, TokenState, TokenStatus } from './token.type.js';

export interface Grants {
  readonly logIn: LogIn;
  readonly refresh: Refresh;
  readonly logOut: LogOut;
  readonly changePassword: ChangePassword;
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
      'What the auth token of this request is worth. It needs none, and a bad one is an answer and not an error.',
  })
  tokenStatus(@Ctx() { viewer }: GraphContext): TokenStatus {
    const status = statusOf(viewer);
    const recovery = status.reason ? ERROR_TABLE[status.reason].recovery : Recovery.NONE;
    return { ...status, state: TokenState[status.state], recovery, serverTime: new Date(this.clock.nowMs()) };
  }

  @PublicSole()
  @Mutation(() => TokenPair, {
    description:
      'Exchanges an address and a password for a token pair of a new session. It must be the only field of its operation.',
  })
  async login(
    @Arg('input', () => LoginInput, { description: 'Whose session, and on what device.' }) input: LoginInput,
    @Ctx() { clientInfo, isDisconnected }: GraphContext,
  ): Promise<TokenPair> {
    const { email, password, deviceName } = input;
    const credentials = { email, password, deviceName: deviceName ?? undefined };
    return toTokenPair(await this.grants.logIn(credentials, clientInfo, isDisconnected));
  }

  @PublicSole()
  @Mutation(() => TokenPair, {
    description:
      'Exchanges a refresh token for the next pair. The old token stays good until the new pair is seen in use, so a lost answer can be asked for again; after that, showing it ends the session. It must be the only field of its operation.',
  })
  async refreshToken(
    @Arg('input', () => RefreshTokenInput, { description: 'The token to exchange.' }) input: RefreshTokenInput,
    @Ctx() { clientInfo }: GraphContext,
  ): Promise<TokenPair> {
    return toTokenPair(await this.grants.refresh(input.refreshToken, clientInfo));
  }

  @Public()
  @Mutation(() => LogoutPayload, {
    description:
      'Ends the session of the auth token, even of an expired one, or of a refresh token. It may be repeated, and never says what a token was worth.',
  })
  async logout(
    @Arg('input', () => LogoutInput, { nullable: true, description: 'What to log out, if not just this session.' })
    input: LogoutInput | undefined,
    @Ctx() { viewer, clientInfo }: GraphContext,
  ): Promise<LogoutPayload> {
    const { refreshToken, everywhere } = input ?? {};
    await this.grants.logOut(
      { refreshToken: refreshToken ?? undefined, everywhere: everywhere ?? false },
      viewer,
      clientInfo,
    );
    return { loggedOut: true };
  }

  @Mutation(() => TokenPair, {
    description:
      'Changes your password and ends all your other sessions. This session goes on with the pair that is returned.',
  })
  async changePassword(
    @Arg('input', () => ChangePasswordInput, { description: 'The password now and the one from now on.' })
    input: ChangePasswordInput,
    @CurrentViewer() viewer: AuthenticatedViewer,
    @Ctx() { clientInfo, isDisconnected }: GraphContext,
  ): Promise<TokenPair> {
    return toTokenPair(await this.grants.changePassword(viewer, input, clientInfo, isDisconnected));
  }
}
