import fastifyCors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../shared/logger.js';
import { isSameOrigin } from './same-origin.js';

/** A front-end on the machine of its developer, such as Vite's at http://localhost:5173. */
const LOCAL = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/;
/** Browsers ask again after this time at most; Chromium after two hours whatever a server says. */
const MAX_AGE_SECONDS = 7200;
/** So many rejected origins are logged in an hour. Anybody can send any origin. */
const MOST_LOGGED = 20;
const LOG_AGAIN_MS = 3_600_000;

export interface CorsSettings {
  readonly origins: readonly string[];
  /** Whether front-ends of this machine are allowed too. */
  readonly allowsLocal: boolean;
  /** Whether browsers send and store cookies. */
  readonly credentials: boolean;
}

/** Lets front-ends of these origins read responses. */
export async function cors(
  server: FastifyInstance,
  { origins, allowsLocal, credentials }: CorsSettings,
  logger: Logger,
): Promise<void> {
  const isAllowed = (origin: string) => origins.includes(origin) || (allowsLocal && LOCAL.test(origin));
  const logged = new LRUCache<string, true>({ max: MOST_LOGGED, ttl: LOG_AGAIN_MS, noUpdateTTL: true });

  server.addHook('onRequest', (request, reply, done) => {
    const { origin, 'access-control-request-method': requested } = request.headers;
    // Otherwise the plugin would respond to it with plain text. An empty header counts as absent.
    const isIncomplete = request.method === 'OPTIONS' && (!origin || !requested);
    if (isIncomplete && !request.is404) return void reply.callNotFound();
    if (origin !== undefined && !isAllowed(origin) && !isSameOrigin(request)) logRejected(origin);
    done();
  });
  if (!allowsLocal && origins.length === 0) return;
  await server.register(fastifyCors, {
    origin: allowsLocal ? [...origins, LOCAL] : [...origins],
    credentials,
    methods: ['GET', 'POST'],
    exposedHeaders: ['www-authenticate', 'retry-after', 'x-request-id'],
    maxAge: MAX_AGE_SECONDS,
  });

  function logRejected(origin: string): void {
    if (logged.has(origin) || logged.size >= MOST_LOGGED) return;
    logged.set(origin, true);
    logger.warn({ event: 'cors.rejected', origin }, 'a browser hides the response from this origin; see CORS_ORIGINS');
  }
}
