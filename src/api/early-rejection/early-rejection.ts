import type { FastifyReply } from 'fastify';
import { publicError } from '../../errors/public-error.js';
import { ERROR_TABLE, type ErrorRow } from '../../errors/error-table.js';
import type { KnownOperations } from './known-operations.js';
import type { Viewer } from '../../tokens/viewer.js';
import { Failure } from '../../errors/failure.js';

export type RejectionKind = 'TOKEN_MISSING' | Extract<Viewer, { state: 'rejected' }>['reason'];

/** Why a request for an operation that is known to be protected gets nowhere; undefined when it may, or is not known. */
export function earlyRejection(viewer: Viewer, body: unknown, operations: KnownOperations): RejectionKind | undefined {
  const kind = kindOf(viewer);
  return kind && operations.matches(body) ? kind : undefined;
}

/** Answers like the gate, byte for byte. */
export function sendRejection(reply: FastifyReply, kind: RejectionKind, mediaType: string): string {
  const { row, body } = prepared(kind);
  void reply.code(row.status).header('content-type', mediaType);
  if (row.challenge) void reply.header('www-authenticate', row.challenge);
  return body;
}

function kindOf(viewer: Viewer): RejectionKind | undefined {
  switch (viewer.state) {
    case 'anonymous':
      return 'TOKEN_MISSING';
    case 'rejected':
      return viewer.reason;
    case 'authenticated':
    case 'unchecked': // an outage, which the log must tell of
      return undefined;
  }
}

const answers = new Map<RejectionKind, { row: ErrorRow; body: string }>();

function prepared(kind: RejectionKind): { row: ErrorRow; body: string } {
  let answer = answers.get(kind);
  if (!answer) {
    const body = `${JSON.stringify({ errors: [publicError(new Failure(kind))] })}\n`;
    answer = { row: ERROR_TABLE[kind], body };
    answers.set(kind, answer);
  }
  return answer;
}
