import type { FastifyReply } from 'fastify';
import { publicError } from '../graphql/error-response.js';
import { ERROR_TABLE, type ErrorRow } from '../graphql/error-table.js';
import type { ProtectedOperations } from '../graphql/protected-operations.js';
import type { Viewer } from '../sessions/viewer.js';
import { Failure } from '../shared/failure.js';

export type RefusalKind = 'TOKEN_MISSING' | Extract<Viewer, { state: 'rejected' }>['reason'];

/** Why a request for an operation that is known to be protected gets nowhere; undefined when it may, or is not known. */
export function earlyRefusal(viewer: Viewer, body: unknown, operations: ProtectedOperations): RefusalKind | undefined {
  const kind = kindOf(viewer);
  return kind && operations.isNamedBy(body) ? kind : undefined;
}

/** Answers like the gate, byte for byte. */
export function sendRefusal(reply: FastifyReply, kind: RefusalKind, mediaType: string): string {
  const { row, body } = prepared(kind);
  void reply.code(row.status).header('content-type', mediaType);
  if (row.challenge) void reply.header('www-authenticate', row.challenge);
  return body;
}

function kindOf(viewer: Viewer): RefusalKind | undefined {
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

const answers = new Map<RefusalKind, { row: ErrorRow; body: string }>();

function prepared(kind: RefusalKind): { row: ErrorRow; body: string } {
  let answer = answers.get(kind);
  if (!answer) {
    const body = `${JSON.stringify({ errors: [publicError(new Failure(kind))] })}\n`;
    answer = { row: ERROR_TABLE[kind], body };
    answers.set(kind, answer);
  }
  return answer;
}
