import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { publicJwks, type KeyRing } from '../keys/key-ring.js';

const MAX_AGE_SECONDS = 300;

/** Serves the public keys as a JWK Set (RFC 7517 §5): other services verify auth tokens without a shared secret. */
export function jwksRoute(server: FastifyInstance, ring: () => KeyRing): void {
  server.get('/.well-known/jwks.json', async (request, reply) => {
    const body = JSON.stringify(publicJwks(ring()));
    const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
    void reply.header('etag', etag).header('cache-control', `public, max-age=${MAX_AGE_SECONDS}`);
    if (isMatch(request.headers['if-none-match'], etag)) return reply.code(304).send();
    return reply.type('application/jwk-set+json').send(body);
  });
}

/** RFC 9110 §13.1.2: a list of tags or `*`, by the weak comparison. A proxy that compresses the response weakens the tag. */
function isMatch(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}
