import { REFRESH } from './operations.mjs';

const AT_ONCE = 50;

/** So many times: one refresh token is shown 50 times at once to all servers, and all answers hold the same successor. */
export async function race({ wire, servers, ledger, session, times }) {
  const startedAt = performance.now();
  for (let round = 0; round < times; round += 1) {
    const shown = session.refreshToken;
    const request = { query: REFRESH, variables: { input: { refreshToken: shown } } };
    const asked = Array.from({ length: AT_ONCE }, (_, index) => wire.ask(servers[index % servers.length], request));
    const replies = await Promise.all(asked);
    const given = replies.filter(({ status }) => status === 200);
    if (given.length < AT_ONCE) {
      const others = replies
        .filter(({ status }) => status !== 200)
        .map(({ status, why, reason }) => `${status} ${why} ${reason}`);
      ledger.violation('a racing refresh was not answered', `round ${round}: ${[...new Set(others)].join(', ')}`);
    }
    for (const { data } of given) ledger.refreshed(session, shown, data.refreshToken);
    if (new Set(given.map(({ data }) => data.refreshToken.refreshToken)).size !== 1) {
      ledger.violation('not one successor', `round ${round}`);
    }
  }
  return { times, seconds: (performance.now() - startedAt) / 1000 };
}
