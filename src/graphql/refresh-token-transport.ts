import { invalidInput } from '../errors/invalid-input.js';
import type { Viewer } from '../tokens/viewer.js';

/** What a mutation says about the refresh token of its client. */
export interface RefreshTokenFields {
  readonly refreshToken?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/** A refresh token that goes to the client, and the session that it continues. */
export interface OutgoingRefreshToken {
  readonly refreshToken: string;
  readonly refreshTokenExpiresAt: Date;
  readonly serverTime: Date;
  readonly session: { readonly id: string; readonly generation: number };
}

/** How refresh tokens travel between one client and the server: in bodies or in cookies. */
export interface RefreshTokenTransport {
  /** Before a mutation that reads or issues a refresh token. @throws Failure ORIGIN_NOT_ALLOWED */
  checkOrigin(): void;
  /** The refresh token to exchange. @throws Failure BAD_USER_INPUT, REFRESH_TOKEN_UNKNOWN */
  forRefresh(input: RefreshTokenFields): Promise<string>;
  /** Calls `revoke` with the refresh token of the session to log out, if the client presents one. @throws Failure BAD_USER_INPUT */
  forLogout(
    input: RefreshTokenFields,
    viewer: Viewer,
    revoke: (refreshToken: string | undefined) => Promise<void>,
  ): Promise<void>;
  /** Sends a refresh token to the client. Resolves to what the response body contains. */
  deliver(token: OutgoingRefreshToken): Promise<string>;
}

export const BODY_TRANSPORT: RefreshTokenTransport = {
  checkOrigin: () => undefined,
  async forRefresh({ refreshToken }) {
    if (refreshToken == null) throw invalidInput([{ path: ['input', 'refreshToken'], reason: 'REQUIRED' }]);
    return refreshToken;
  },
  forLogout: ({ refreshToken }, _viewer, revoke) => revoke(refreshToken ?? undefined),
  deliver: async ({ refreshToken }) => refreshToken,
};
