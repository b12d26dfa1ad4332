import { randomUUID } from 'node:crypto';
import { REFRESH } from './operations.mjs';

const AT_ONCE = 50;

/** The idempotency keys of the 50 requests: none, one, and one each. */
const KEYS = [() => undefined, (_index, shared) => shared, () => randomUUID()];

/** Presents one refresh token 50 times at once to all servers: all responses must have the same successor. Repeats this. */
export async function race({ wire, servers, history, session, times }) {
  const startedAt = performance.now();
  for (let round = 0; round < times; round += 1) {
    const presented = session.refreshToken;
    const [keyOf, shared] = [KEYS[round % KEYS.length], randomUUID()];
    const sent = Array.from({ length: AT_ONCE }, (_, index) => {
      const input = { refreshToken: presented, idempotencyKey: keyOf(index, shared) };
      return wire.sendUntilServed(servers[index % servers.length], { query: REFRESH, variables: { input } });
    });
    const replies = await Promise.all(sent);
    const accepted = replies.filter(({ status }) => status === 200);
    if (accepted.length < AT_ONCE) {
      const others = replies
        .filter(({ status }) => status !== 200)
        .map(({ status, why, reason }) => `${status} ${why} ${reason}`);
      history.violation('a racing refresh was rejected', `round ${round}: ${[...new Set(others)].join(', ')}`);
    }
    for (const { data } of accepted) history.refreshed(session, presented, data.refreshToken);
    if (new Set(accepted.map(({ data }) => data.refreshToken.refreshToken)).size !== 1) {
      history.violation('several successors of one refresh token', `round ${round}`);
    }
  }
  return { times, seconds: (performance.now() - startedAt) / 1000 };
}
