import { setTimeout } from 'node:timers/promises';
import { PROTECTED, refusal, startTandem, tokensOf, type GraphQLReply, type Tandem } from '../support/harness.js';

const LOGOUT = 'mutation ($input: LogoutInput) { logout(input: $input) { loggedOut } }';

describe('concurrent refreshes', () => {
  let servers: [Tandem, Tandem, Tandem];
  beforeAll(async () => {
    const tandem = await startTandem();
    servers = [tandem, await tandem.startInstance(), await tandem.startInstance()];
  });
  afterAll(() => servers[0].close());

  const server = (index: number): Tandem => servers[index % servers.length] ?? servers[0];

  it('return the same successor to 50 requests on three instances, eight times', async () => {
    const { sessionId, ...first } = await server(0).login();
    let { refreshToken } = first;
    for (let round = 1; round <= 8; round++) {
      const replies = await Promise.all(Array.from({ length: 50 }, (_, index) => server(index).refresh(refreshToken)));
      expect(replies.filter(({ errors }) => errors)).toEqual([]);
      const successors = new Set(replies.map(({ data }) => tokensOf(data.refreshToken).refreshToken));
      successors.delete(refreshToken);
      expect(successors.size).toBe(1);
      expect(await server(0).database.session.findUnique({ where: { id: sessionId } })).toMatchObject({
        generation: round + 1,
        endedAt: null,
      });
      [refreshToken = ''] = successors;
    }
  });

  it('are independent for different sessions', async () => {
    const sessions = await Promise.all(Array.from({ length: 30 }, (_, index) => server(index).login()));
    const replies = await Promise.all(sessions.map(({ refreshToken }, index) => server(index).refresh(refreshToken)));
    expect(replies.map(({ data }) => data.refreshToken.session.id)).toEqual(sessions.map(({ sessionId }) => sessionId));
  });

  it('revoke the session once and leave no valid token when a previous token is reused', async () => {
    const first = await server(0).login();
    const second = tokensOf((await server(0).refresh(first.refreshToken)).data.refreshToken);
    const third = tokensOf((await server(1).refresh(second.refreshToken)).data.refreshToken);
    servers[0].clock.advance(11);
    const replies = await Promise.all(
      Array.from({ length: 30 }, (_, index) => server(index).refresh(first.refreshToken)),
    );
    const reasons = replies.map(({ errors }) => errors?.[0]?.extensions['reason']);
    expect(reasons.filter((reason) => reason === 'REFRESH_TOKEN_REUSED')).toHaveLength(1);
    expect(reasons.filter((reason) => reason === 'REFRESH_TOKEN_REVOKED')).toHaveLength(29);
    await expectDead(
      [third.authToken],
      [first, second, third].map(({ refreshToken }) => refreshToken),
    );
  });

  it('leave no valid token when a reused token and the current token are refreshed at once', async () => {
    for (let round = 0; round < 5; round++) {
      const first = await server(0).login();
      const second = tokensOf((await server(0).refresh(first.refreshToken)).data.refreshToken);
      const third = tokensOf((await server(0).refresh(second.refreshToken)).data.refreshToken);
      const [victim, thief] = await Promise.all([
        server(round).refresh(third.refreshToken),
        server(round + 1).refresh(first.refreshToken, { key: 'a key of the thief' }),
      ]);
      expect(refusal(thief)).toMatchObject({ reason: 'REFRESH_TOKEN_REUSED' });
      const won = pairsOf(victim);
      await expectDead(
        won.map(({ authToken }) => authToken),
        [...won, third].map(({ refreshToken }) => refreshToken),
      );
    }
  });

  it.each(['refresh first', 'logout first'])('leave no valid token when they race a logout: %s', async (order) => {
    for (let round = 0; round < 10; round++) {
      const first = await server(round).login();
      const refresh = () => server(round + 1).refresh(first.refreshToken);
      const logout = () => server(round).send(LOGOUT, { input: { refreshToken: first.refreshToken } });
      const [early, late] = order === 'refresh first' ? [refresh, logout] : [logout, refresh];
      const replies = await Promise.all([early(), setTimeout(round % 5).then(late)]);
      const won = replies.flatMap(pairsOf);
      await expectDead(
        [first, ...won].map(({ authToken }) => authToken),
        [first, ...won].map(({ refreshToken }) => refreshToken),
      );
    }
  });

  function pairsOf({ data }: GraphQLReply) {
    return data?.refreshToken ? [tokensOf(data.refreshToken)] : [];
  }

  /** Expects that every server rejects the tokens, auth tokens after the revocation feed has delivered the revocation. */
  async function expectDead(authTokens: string[], refreshTokens: string[]): Promise<void> {
    for (const one of servers) {
      for (const refreshToken of refreshTokens) {
        expect(refusal(await one.refresh(refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REVOKED' });
      }
      for (const token of authTokens) {
        while ((await one.send(PROTECTED, {}, { token })).status === 200) await setTimeout(20);
        expect(refusal(await one.send(PROTECTED, {}, { token }))).toMatchObject({ reason: 'TOKEN_REVOKED' });
      }
    }
  }
});
