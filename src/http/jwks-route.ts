import type { FastifyInstance } from 'fastify';
import { publicJwks, type KeyRing } from '../sessions/key-ring.js';

const MAX_AGE_SECONDS = 300;

/** The public keys as a JWK Set (RFC 7517 §5), so that other services verify auth tokens without sharing a secret. */
export function jwksRoute(server: FastifyInstance, ring: () => KeyRing): void {
  server.get('/.well-known/jwks.json', async (_request, reply) => {
    void reply
      .header('content-type', 'application/jwk-set+json')
      .header('cache-control', `public, max-age=${MAX_AGE_SECONDS}`);
    return JSON.stringify(publicJwks(ring()));
  });
}
