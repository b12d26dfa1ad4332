import { randomBytes } from 'node:crypto';
import { loadConfig } from '../../src/config.js';
import { refreshLimits } from '../../src/limits/refresh-limits.js';
import { refusal, startTandem, tokensOf, type GraphQLReply, type Tandem, type Tokens } from '../support/harness.js';

const LIMITED = { status: 429, code: 'RATE_LIMITED', reason: null, recovery: 'RETRY' };
const UNKNOWN = { status: 400, code: 'INVALID_REFRESH_TOKEN', reason: 'REFRESH_TOKEN_UNKNOWN', recovery: 'LOG_IN' };
const ADDRESS = '192.0.2.1';
const LOGOUT = 'mutation ($input: LogoutInput) { logout(input: $input) { loggedOut } }';

describe('a limit of refreshes', () => {
  let tandem: Tandem;
  let tokens: Tokens;
  beforeEach(async () => {
    tandem = await startTandem({
      TRUSTED_PROXIES: '127.0.0.1',
      REFRESHES_PER_SESSION: '20',
      UNKNOWN_REFRESH_TOKENS_PER_ADDRESS: '30',
    });
    tandem.clock.stopAt(Date.now());
    tokens = await tandem.login();
  });
  afterEach(() => tandem.close());

  const garbage = () => `tandem_rt_${randomBytes(54).toString('base64url')}`;
  const refresh = (refreshToken: string, ipAddress = ADDRESS, key?: string) =>
    tandem.refresh(refreshToken, { headers: { 'x-forwarded-for': ipAddress }, ...(key && { key }) });
  const isLimited = ({ status }: GraphQLReply) => status === 429;
  /** Rotates the session so often, or until a refresh is limited, and resolves to the number of rotations. */
  async function rotate(most: number): Promise<number> {
    for (let times = 0; times < most; times += 1) {
      const reply = await refresh(tokens.refreshToken);
      if (isLimited(reply)) return times;
      tokens = tokensOf(reply.data.refreshToken);
    }
    return most;
  }
  /** Sends unknown tokens until one is limited, and resolves to the number before. */
  async function guess(most: number, ipAddressOf = (_index: number) => ADDRESS): Promise<number> {
    for (let index = 0; index < most; index += 1) {
      if (isLimited(await refresh(index % 2 ? garbage() : 'garbage', ipAddressOf(index)))) return index;
    }
    return most;
  }

  it('rejects unknown tokens from one client address beyond UNKNOWN_REFRESH_TOKENS_PER_ADDRESS', async () => {
    expect(await guess(50)).toBe(30);
    const reply = await refresh(garbage());
    expect(refusal(reply)).toEqual(LIMITED);
    expect(reply.headers.get('retry-after')).toBe('2');
    expect(refusal(await refresh(garbage(), '192.0.2.2'))).toEqual(UNKNOWN);
    tandem.clock.advance(2);
    expect(refusal(await refresh(garbage()))).toEqual(UNKNOWN);
  });

  it('counts an IPv6 network of 64 bits as one client address', async () => {
    expect(await guess(50, (index) => `2001:db8:1:2::${(index + 1).toString(16)}`)).toBe(30);
  });

  it('refreshes the sessions of other clients behind the address that sends unknown tokens', async () => {
    await guess(50);
    expect(await rotate(5)).toBe(5);
    expect(isLimited(await refresh(garbage()))).toBe(true);
  });

  it('rejects refreshes of one session beyond REFRESHES_PER_SESSION, from any address, and of no other session', async () => {
    expect(await rotate(50)).toBe(20);
    const reply = await refresh(tokens.refreshToken, '192.0.2.2');
    expect(refusal(reply)).toEqual(LIMITED);
    expect(reply.headers.get('retry-after')).toBe('3');
    expect((await refresh((await tandem.login()).refreshToken)).status).toBe(200);
  });

  it('takes nothing from the client that it rejects: the token is valid when Retry-After is over', async () => {
    await rotate(50);
    tandem.clock.advance(3);
    expect(await rotate(50)).toBe(1);
    tandem.clock.advance(60);
    expect(await rotate(50)).toBe(20);
  });

  it('counts repeats of the same exchange', async () => {
    const { refreshToken } = tokens;
    const replies = await Promise.all(Array.from({ length: 50 }, () => refresh(refreshToken, ADDRESS, 'k'.repeat(32))));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(20);
    expect(replies.filter(isLimited)).toHaveLength(30);
  });

  it('revokes a session whose refresh token was reused, even if its refreshes are limited', async () => {
    const first = tokens.refreshToken;
    await rotate(50);
    tandem.clock.advance(11);
    await rotate(50);
    expect(refusal(await refresh(first, '192.0.2.2'))).toMatchObject({ reason: 'REFRESH_TOKEN_REUSED' });
    expect(refusal(await refresh(tokens.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REVOKED' });
  });

  describe('of logouts', () => {
    const logOut = (refreshToken: string, token?: string, everywhere = false) =>
      tandem.send(LOGOUT, { input: { refreshToken, everywhere } }, { token, headers: { 'x-forwarded-for': ADDRESS } });

    it.each([false, true])(
      'counts unknown tokens together with those of refreshes (everywhere: %s)',
      async (everywhere) => {
        for (let index = 0; index < 10; index += 1) await logOut(garbage(), undefined, everywhere);
        expect(await guess(50)).toBe(20);
        expect(refusal(await logOut(garbage(), undefined, everywhere))).toEqual(LIMITED);
      },
    );

    it('rejects no token of a session, and no auth token', async () => {
      await guess(50);
      const [other, third] = [await tandem.login(), await tandem.login()];
      expect((await logOut(tokens.refreshToken)).status).toBe(200);
      expect((await logOut(tokens.refreshToken)).status).toBe(200);
      expect((await logOut(garbage(), other.authToken)).status).toBe(200);
      tandem.clock.advance(3601);
      await guess(50);
      expect((await logOut(garbage(), third.authToken)).status).toBe(200);
      for (const { refreshToken } of [tokens, other, third]) {
        expect(refusal(await refresh(refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REVOKED' });
      }
    });
  });

  it('does not reject a refresh when the clock was set back by a day', async () => {
    await rotate(50);
    tandem.clock.advance(-86_400);
    expect(await rotate(5)).toBe(5);
  });
});

it('allows 300 unknown tokens and 100 refreshes of a session by default, but not 1000 unknown tokens or 200 refreshes a minute', () => {
  const limits = refreshLimits(loadConfig({ NODE_ENV: 'test' }).refreshLimits, { nowMs: () => 0 });
  const allowed = (most: number, attempt: () => void) => {
    for (let times = 0; times < most; times += 1) {
      try {
        attempt();
      } catch {
        return times;
      }
    }
    return most;
  };
  expect(
    allowed(1000, () => limits.countUnknownToken({ ipAddress: ADDRESS, userAgent: undefined, requestId: 'request' })),
  ).toBe(300);
  expect(allowed(200, () => limits.countRefresh('session'))).toBe(100);
});
