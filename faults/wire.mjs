import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** A response that takes longer than this is a hang. The time in which its server was paused does not count. */
export const BOUND_MS = 10_000;
const TIMEOUT_MS = 40_000;
const OVERLOADED_MS = 60_000;
const RETRY_MS = 500;

/**
 * Sends GraphQL requests and checks every response: it arrives in bounded time, a 503 has Retry-After, and no other 5xx
 * occurs. Resolves to a `response`, or to `lost` after a timeout or an incomplete response: the server may have
 * executed the request or not.
 */
export function openWire(history) {
  const agent = new Agent({ keepAlive: true, maxSockets: 200 });

  async function send(server, { query, variables, token, timeoutMs }) {
    const sentAt = performance.now();
    const reply = await post(server, JSON.stringify({ query, variables }), token, timeoutMs ?? TIMEOUT_MS);
    const at = performance.now();
    const waitedMs = at - sentAt - server.pausedMs(sentAt, at);
    if (reply.kind === 'response') history.responded(reply.status, waitedMs, query);
    else history.lost(reply.why);
    if (waitedMs > BOUND_MS) history.violation('a hang', `${server.name} ${Math.round(waitedMs)} ms: ${query}`);
    if (reply.status === 503 && !(Number(reply.retryAfter) > 0)) history.violation('503 without Retry-After', query);
    if (reply.status > 503 || (reply.status >= 500 && reply.status < 503)) {
      history.violation(`HTTP ${reply.status}`, `${server.name}: ${query}`);
    }
    return { ...reply, server, sentAt, at };
  }

  /** For the time without faults, when only an overloaded server responds 503. Retries for a minute. */
  async function sendUntilServed(server, request) {
    const endsAt = performance.now() + OVERLOADED_MS;
    for (;;) {
      const reply = await send(server, request);
      if (reply.status !== 503 || performance.now() > endsAt) return reply;
      await delay(RETRY_MS);
    }
  }

  function post({ port }, body, token, timeoutMs) {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    if (token) headers.authorization = `Bearer ${token}`;
    return new Promise((resolve) => {
      const request = httpRequest({ host: '127.0.0.1', port, path: '/graphql', method: 'POST', agent, headers });
      const lost = (why) => {
        clearTimeout(timer);
        request.destroy();
        resolve({ kind: 'lost', why });
      };
      const timer = setTimeout(() => lost('TIMEOUT'), timeoutMs);
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
          resolve({ kind: 'response', status: response.statusCode, retryAfter, data, code, reason });
        });
      });
      request.end(body);
    });
  }

  return { send, sendUntilServed, close: () => agent.destroy() };
}

/** Whether a correct client keeps its tokens and retries the request. */
export function isRetryable({ kind, code }) {
  // Not by its status: the error of a nullable field comes with 200.
  return kind === 'lost' || code === 'SERVICE_UNAVAILABLE';
}
