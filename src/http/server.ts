import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Logger } from '../shared/logger.js';
import { logAcceptErrors } from './accept-errors.js';
import { accessLog } from './access-log.js';
import { MAX_BODY_BYTES } from './body-limits.js';
import { bodyMemory } from './body-memory.js';
import { connectionBounds, type ConnectionSettings } from './connection-bounds.js';
import { cors } from './cors.js';
import { discardUnreadBodies, ignoreBody } from './discard-body.js';
import { jsonBody } from './json-body.js';
import { jsonErrors, refuse } from './json-errors.js';
import { bodyReceiver } from './receive-body.js';
import { responseMemory } from './response-memory.js';
import { requestTurns } from './request-turns.js';
import { requestIds } from './request-id.js';
import { trustedProxies } from './trusted-proxies.js';
import { largeResponses, type ResponseTimeouts } from './large-responses.js';
import { ignoreExpectations, rejectTunnels, rejectUnreadable } from './client-errors.js';
import { lacksHost } from './request-checks.js';
import { SECURITY_HEADERS } from './security-headers.js';

export interface HttpSettings {
  readonly production: boolean;
  /** Whether clients can read the schema, and errors suggest names of it. */
  readonly introspection: boolean;
  /** Whether browsers get the explorer pages. */
  readonly explorer: boolean;
  /** Addresses or CIDR ranges of proxies whose `X-Forwarded-For` and `X-Request-Id` are trusted. */
  readonly trustedProxies: readonly string[];
  readonly corsOrigins: readonly string[];
  /** The pages that get refresh tokens as cookies. Undefined: refresh tokens are in bodies. */
  readonly cookieOrigins: readonly string[] | undefined;
  readonly connections: ConnectionSettings;
  /** How much memory large request bodies may take. */
  readonly bodyMemoryBytes: number;
  /** How long a request may take to arrive completely. Its headers may take half of it. */
  readonly requestTimeoutMs: number;
  readonly responseTimeouts: ResponseTimeouts;
  /** How much memory large responses may take until clients have read them. */
  readonly responseMemoryBytes: number;
  /** From which lag of the event loop on requests are rejected; see overload/load-shedding.ts. 0: never. */
  readonly overloadLagMs: number;
  /** How long an operation may take; see docs/decisions/deadlines.md. */
  readonly operationTimeoutMs: number;
  /** After SIGTERM: how long `/readyz` responds 503 while requests are accepted, and how long they may take afterwards. */
  readonly shutdownDelaySeconds: number;
  readonly shutdownGraceSeconds: number;
}

/** At most so much later than its timeout a slow request is noticed. */
const CHECK_MS = 5000;

/** The HTTP server without routes: trusted proxies, limits, CORS and the headers of every response. */
export async function httpServer(
  settings: Omit<HttpSettings, 'shutdownDelaySeconds' | 'shutdownGraceSeconds'>,
  logger: Logger,
): Promise<FastifyInstance> {
  const isTrusted = trustedProxies(settings.trustedProxies);
  const server = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestIds(isTrusted),
    // Most requests log one line. A child logger per request would cost more than the line.
    childLoggerFactory: (parent) => parent,
    trustProxy: settings.trustedProxies.length > 0 ? isTrusted : false,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: settings.requestTimeoutMs,
    http: {
      requireHostHeader: false, // Node's own response has no body: lacksHost checks it instead
      headersTimeout: settings.requestTimeoutMs / 2,
      connectionsCheckingInterval: Math.min(CHECK_MS, settings.requestTimeoutMs / 4),
    },
    onProtoPoisoning: 'remove',
    onConstructorPoisoning: 'remove',
    forceCloseConnections: 'idle',
    return503OnClosing: false, // a request on an open connection still gets its response
    clientErrorHandler: rejectUnreadable,
    // A URL that cannot be decoded arrives here without passing the hooks.
    frameworkErrors(_error, request, reply) {
      ignoreBody(request);
      void refuse(reply.headers(SECURITY_HEADERS), 400);
    },
  });
  server.decorateRequest('viewer', undefined);
  server.decorateRequest('outcome', undefined);
  server.decorateRequest('deadline', undefined);
  server.decorateRequest('progress', undefined);
  // Only JSON bodies: with Fastify's plain-text parser, a form on another site could send operations.
  server.removeContentTypeParser('text/plain');
  jsonBody(server, bodyReceiver(MAX_BODY_BYTES, bodyMemory(server, settings.bodyMemoryBytes, logger)));
  discardUnreadBodies(server); // also of requests that wait for their turn
  requestTurns(server);
  server.addHook('onRequest', (request, reply, done) => {
    void reply.headers(SECURITY_HEADERS).header('x-request-id', request.id);
    if (lacksHost(request)) return void refuse(reply, 400);
    done();
  });
  const { corsOrigins: origins, production, cookieOrigins } = settings;
  const credentials = cookieOrigins !== undefined;
  // With cookies, the list alone counts: a page at another port of this machine must not act for the user.
  await cors(server, { origins, allowsLocal: !production && !credentials, credentials }, logger);
  connectionBounds(server.server, settings.connections, isTrusted, logger);
  ignoreExpectations(server);
  rejectTunnels(server);
  // Node would drop those after the 1,000th, such as the address that a proxy appends. The 16 KB limit remains.
  server.server.maxHeadersCount = 0;
  responseMemory(server, settings.responseMemoryBytes, logger);
  largeResponses(server, settings.responseTimeouts);
  jsonErrors(server);
  logAcceptErrors(server, logger);
  if (logger.isLevelEnabled('info')) accessLog(server);
  return server;
}
