import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Sends a text with an ETag, or 304 to a client that has it (RFC 9110 §13.1.2). */
export function sendUnlessCached(
  request: FastifyRequest,
  reply: FastifyReply,
  type: string,
  text: string,
): FastifyReply {
  const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
  void reply.header('etag', etag);
  if (isMatch(request.headers['if-none-match'], etag)) return reply.code(304).send();
  return reply.type(type).send(text);
}

/** A list of tags or `*`, by the weak comparison. A proxy that compresses the response weakens the tag. */
function isMatch(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}
