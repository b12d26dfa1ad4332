import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../../errors/failure.js';
import { invalidInput } from '../../errors/invalid-input.js';
import type { BrowserTokens, SortedTokens } from '../../grants/browser-tokens.js';
import type {
  OutgoingRefreshToken,
  RefreshTokenFields,
  RefreshTokenTransport,
} from '../../graphql/refresh-token-transport.js';
import type { Viewer } from '../../tokens/viewer.js';
import { clientInfoOfRequest } from '../context.js';
import { isAllowedOrigin } from './allowed-origin.js';
import { expireCookie, refreshCookies, setCookie, type RefreshCookie } from './refresh-cookie.js';

const IN_COOKIES_ONLY =
  'This server takes refresh tokens from cookies only (REFRESH_TOKEN_TRANSPORT): send this mutation without the field.';

/** A response expires so many cookies at most, because proxies limit the headers of a response. The next one expires the rest. */
const MOST_EXPIRED = 16;

export type TransportOf = (request: FastifyRequest, reply: FastifyReply) => RefreshTokenTransport;

/** Sends refresh tokens in cookies, to pages of these origins. docs/cookies.md has the rules. */
export function cookieTransport(origins: readonly string[], tokens: BrowserTokens): TransportOf {
  return (request, reply) => new CookieTransport(request, reply, origins, tokens);
}

class CookieTransport implements RefreshTokenTransport {
  #cookies: readonly RefreshCookie[] | undefined;
  #sorted: Promise<SortedTokens> | undefined;
  readonly #expired = new Set<string>();

  constructor(
    private readonly request: FastifyRequest,
    private readonly reply: FastifyReply,
    private readonly origins: readonly string[],
    private readonly tokens: BrowserTokens,
  ) {}

  checkOrigin(): void {
    if (!isAllowedOrigin(this.request.headers, this.origins)) throw new Failure('ORIGIN_NOT_ALLOWED');
  }

  async forRefresh(input: RefreshTokenFields): Promise<string> {
    this.checkOrigin();
    rejectFields(input);
    const { newest } = await this.sorted();
    if (newest === undefined) throw new Failure('REFRESH_TOKEN_UNKNOWN', { cause: 'the request has no cookie' });
    return newest;
  }

  /** Logs out the session of the auth token, if there is one: a browser can have the cookies of a newer login. */
  async forLogout(
    input: RefreshTokenFields,
    viewer: Viewer,
    revoke: (refreshToken: string | undefined) => Promise<void>,
  ): Promise<void> {
    this.checkOrigin();
    rejectFields(input);
    const { newest, active } = await this.sorted();
    const sessionId = 'sessionId' in viewer ? viewer.sessionId : active[0]?.sessionId;
    const token = active.find((one) => one.sessionId === sessionId)?.token;
    await revoke(token ?? ('sessionId' in viewer ? undefined : newest));
    this.expire(this.cookies().filter((cookie) => cookie.sessionId === sessionId));
  }

  /** The browser continues with this token alone: sessions that it opened earlier are revoked. */
  async deliver({ refreshToken, refreshTokenExpiresAt, serverTime, session }: OutgoingRefreshToken): Promise<string> {
    this.checkOrigin();
    const { active } = await this.sorted();
    // A session whose cookie comes with a login is an earlier one, even if the clock was set back.
    const isEarlier = (id: string) => (session.generation === 1 ? id !== session.id : id < session.id);
    const earlier = new Set(active.map(({ sessionId }) => sessionId).filter(isEarlier));
    const clientInfo = clientInfoOfRequest(this.request);
    for (const id of earlier) {
      const newest = active.find(({ sessionId }) => sessionId === id);
      if (newest) await this.tokens.revoke(newest.token, clientInfo);
    }
    const seconds = Math.ceil((refreshTokenExpiresAt.getTime() - serverTime.getTime()) / 1000);
    void this.reply.header('set-cookie', setCookie(session.id, session.generation, refreshToken, seconds));
    this.expire(
      this.cookies().filter(({ sessionId, generation }) =>
        sessionId === session.id ? generation < session.generation : isEarlier(sessionId),
      ),
    );
    return '';
  }

  private cookies(): readonly RefreshCookie[] {
    return (this.#cookies ??= refreshCookies(this.request.headers.cookie));
  }

  private sorted(): Promise<SortedTokens> {
    return (this.#sorted ??= this.sort());
  }

  private async sort(): Promise<SortedTokens> {
    const sorted = await this.tokens.sort(this.cookies().flatMap(({ token }) => token ?? []));
    // A cookie of a session that has ended can be expired by any response, even a failure: no later one sets it again.
    this.expire(this.cookies().filter(({ token }) => token !== undefined && sorted.dead.includes(token)));
    return sorted;
  }

  private expire(cookies: readonly RefreshCookie[]): void {
    for (const cookie of cookies) {
      if (this.#expired.has(cookie.name) || this.#expired.size >= MOST_EXPIRED) continue;
      this.#expired.add(cookie.name);
      void this.reply.header('set-cookie', expireCookie(cookie));
    }
  }
}

/** An empty token counts as none, because the token of a pair is empty in this mode. */
function rejectFields(input: RefreshTokenFields): void {
  const problems = (['refreshToken', 'idempotencyKey'] as const)
    .filter((name) => input[name] != null && input[name] !== '')
    .map((name) => ({ path: ['input', name], reason: 'NOT_ACCEPTED' as const, message: IN_COOKIES_ONLY }));
  if (problems.length > 0) throw invalidInput(problems);
}
