import type { FastifyInstance } from 'fastify';
import { publicJwks, type KeyRing } from '../keys/key-ring.js';
import { sendUnlessCached } from './conditional-response.js';

const MAX_AGE_SECONDS = 300;

/** Serves the public keys as a JWK Set (RFC 7517 §5): other services verify auth tokens without a shared secret. */
export function jwksRoute(server: FastifyInstance, ring: () => KeyRing): void {
  server.get('/.well-known/jwks.json', async (request, reply) => {
    void reply.header('cache-control', `public, max-age=${MAX_AGE_SECONDS}`);
    return sendUnlessCached(request, reply, 'application/jwk-set+json', JSON.stringify(publicJwks(ring())));
  });
}
