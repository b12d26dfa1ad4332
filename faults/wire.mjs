import { Agent, request as httpRequest } from 'node:http';

/** An answer that takes longer than this, without the time in which its server stood still, is a hang. */
export const BOUND_MS = 10_000;
const GIVE_UP_MS = 40_000;

/**
 * Sends GraphQL requests and watches what every answer must be: in bounded time, 503 only with Retry-After, and
 * nothing else from 500 on. Resolves to `answered`, or `lost` when there was no whole answer or the sender's patience
 * ended; then nobody knows what was done.
 */
export function openWire(ledger) {
  const agent = new Agent({ keepAlive: true, maxSockets: 200 });

  async function ask(server, { query, variables, token, patienceMs }) {
    const sentAt = performance.now();
    const reply = await send(server, JSON.stringify({ query, variables }), token, patienceMs ?? GIVE_UP_MS);
    const at = performance.now();
    const waitedMs = at - sentAt - server.pausedMs(sentAt, at);
    if (reply.kind === 'answered') ledger.answered(reply.status, waitedMs, query);
    else ledger.lost(reply.why);
    if (waitedMs > BOUND_MS) ledger.violation('a hang', `${server.name} ${Math.round(waitedMs)} ms: ${query}`);
    if (reply.status === 503 && !(Number(reply.retryAfter) > 0)) ledger.violation('503 without Retry-After', query);
    if (reply.status > 503 || (reply.status >= 500 && reply.status < 503)) {
      ledger.violation(`HTTP ${reply.status}`, `${server.name}: ${query}`);
    }
    return { ...reply, server, sentAt, at };
  }

  function send({ port }, body, token, patienceMs) {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    if (token) headers.authorization = `Bearer ${token}`;
    return new Promise((resolve) => {
      const request = httpRequest({ host: '127.0.0.1', port, path: '/graphql', method: 'POST', agent, headers });
      const lost = (why) => {
        clearTimeout(timer);
        request.destroy();
        resolve({ kind: 'lost', why });
      };
      const timer = setTimeout(() => lost('PATIENCE'), patienceMs);
      request.on('error', (error) => lost(error.code ?? error.message));
      request.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => (text += chunk));
        response.on('close', () => {
          if (!response.complete) return lost('CUT');
          clearTimeout(timer);
          const { data, errors } = JSON.parse(text);
          const { code, reason } = errors?.[0]?.extensions ?? {};
          const retryAfter = response.headers['retry-after'];
          resolve({ kind: 'answered', status: response.statusCode, retryAfter, data, code, reason });
        });
      });
      request.end(body);
    });
  }

  return { ask, hangUp: () => agent.destroy() };
}

/** Whether a correct client keeps its tokens and sends the same request again. */
export function isRetryable({ kind, code }) {
  // By its code: a field that may be null is answered with 200, beside its error.
  return kind === 'lost' || code === 'SERVICE_UNAVAILABLE';
}
