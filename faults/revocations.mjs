import { setTimeout as delay } from 'node:timers/promises';
import { ME, REFRESH } from './operations.mjs';
import { isRetryable } from './wire.mjs';

/** How soon all processes reject a session after one process acknowledged its revocation. */
const REJECTED_WITHIN_MS = 1000;
const PAUSE_MS = 10;

/**
 * Presents the tokens of revoked sessions to every server until it rejects them. Records how long after the
 * acknowledgement a server still accepted a request: 0 if it accepted none.
 */
export function watchRevocations({ wire, servers, history, phase }) {
  const acceptedMs = { quiet: [], faulty: [] };
  const watching = new Set();

  async function untilRejected(server, { id, authToken, revokedAt }, revokedHere, reasons) {
    const during = phase();
    let lastMs = 0;
    for (;;) {
      const reply = await wire.send(server, { query: ME, token: authToken });
      if (reply.status === 401 && reasons.includes(reply.reason)) break;
      const afterMs = reply.sentAt - revokedAt;
      if (reply.status === 200 && afterMs > 0) {
        lastMs = Math.max(lastMs, afterMs);
        const detail = `${server.name}, ${Math.round(afterMs)} ms after it, session ${id}`;
        if (revokedHere) history.violation('the revoking process accepted the auth token', detail);
        if (afterMs > REJECTED_WITHIN_MS) history.violation('a revoked auth token was accepted after a second', detail);
        if (afterMs > 5 * REJECTED_WITHIN_MS) break;
      } else if (!isRetryable(reply)) {
        history.violation('an unexpected response', `${reply.status} ${reply.reason} to a revoked auth token`);
        break;
      }
      await delay(isRetryable(reply) ? 10 * PAUSE_MS : PAUSE_MS);
    }
    acceptedMs[during].push(lastMs);
  }

  /** A refresh reads the session's row, so every server must reject it at once. */
  async function exchange(server, { id, refreshToken }) {
    const request = { query: REFRESH, variables: { input: { refreshToken } } };
    let reply = await wire.send(server, request);
    while (isRetryable(reply)) {
      await delay(100);
      reply = await wire.send(server, request);
    }
    if (reply.status === 200)
      history.violation('a revoked refresh token was exchanged', `${server.name}, session ${id}`);
  }

  function watch(session, revokedBy, reasons) {
    const presented = servers.map((server) => untilRejected(server, session, server === revokedBy, reasons));
    const all = Promise.all([...presented, exchange(servers[0], session), exchange(servers.at(-1), session)]);
    watching.add(all);
    void all.finally(() => watching.delete(all));
  }

  return {
    acceptedMs,
    /** `revokedBy` is the server that acknowledged the revocation, unless an earlier try may have revoked the session. */
    watch: (session, revokedBy) => watch(session, revokedBy, ['TOKEN_REVOKED']),
    /** The same for the tokens of a session from before a change of its password. The session may be revoked later. */
    watchCut: (tokens, { at }, cutBy) => watch({ ...tokens, revokedAt: at }, cutBy, ['TOKEN_STALE', 'TOKEN_REVOKED']),
    drain: async () => void (await Promise.all(watching)),
  };
}
