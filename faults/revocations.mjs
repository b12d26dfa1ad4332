import { setTimeout as delay } from 'node:timers/promises';
import { ME, REFRESH } from './operations.mjs';
import { isRetryable } from './wire.mjs';

/** An ending that was acknowledged by one process is known to all of them so soon. */
const KNOWN_WITHIN_MS = 1000;
const PAUSE_MS = 10;

/**
 * Shows the tokens of sessions whose ending was acknowledged to every server, again and again until it is refused, and
 * notes for how long after the acknowledgement a request was still accepted: 0 when none was.
 */
export function watchRevocations({ wire, servers, ledger, phase }) {
  const acceptedMs = { quiet: [], faulty: [] };
  const watching = new Set();

  async function show(server, { id, authToken, endedAt }, endedHere) {
    const during = phase();
    let lastMs = 0;
    for (;;) {
      const reply = await wire.ask(server, { query: ME, token: authToken });
      if (reply.status === 401 && reply.reason === 'TOKEN_REVOKED') break;
      const afterMs = reply.sentAt - endedAt;
      if (reply.status === 200 && afterMs > 0) {
        lastMs = Math.max(lastMs, afterMs);
        const detail = `${server.name}, ${Math.round(afterMs)} ms after it, session ${id}`;
        if (endedHere) ledger.violation('accepted by the process that ended it', detail);
        if (afterMs > KNOWN_WITHIN_MS) ledger.violation('a revoked auth token was accepted after a second', detail);
        if (afterMs > 5 * KNOWN_WITHIN_MS) break;
      } else if (!isRetryable(reply)) {
        ledger.violation('an unexpected answer', `${reply.status} ${reply.reason} to a revoked auth token`);
        break;
      }
      await delay(isRetryable(reply) ? 10 * PAUSE_MS : PAUSE_MS);
    }
    acceptedMs[during].push(lastMs);
  }

  /** The row itself decides on a refresh: nothing may be late. */
  async function exchange(server, { id, refreshToken }) {
    const request = { query: REFRESH, variables: { input: { refreshToken } } };
    let reply = await wire.ask(server, request);
    while (isRetryable(reply)) {
      await delay(100);
      reply = await wire.ask(server, request);
    }
    if (reply.status === 200)
      ledger.violation('a revoked refresh token was exchanged', `${server.name}, session ${id}`);
  }

  return {
    acceptedMs,
    /** `endedBy` is the server whose first answer acknowledged the ending, if it was the first. */
    watch(session, endedBy) {
      const shown = servers.map((server) => show(server, session, server === endedBy));
      const all = Promise.all([...shown, exchange(servers[0], session), exchange(servers.at(-1), session)]);
      watching.add(all);
      void all.finally(() => watching.delete(all));
    },
    settled: async () => void (await Promise.all(watching)),
  };
}
