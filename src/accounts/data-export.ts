import type { ExportedRow, ExportPart } from '../database/export-part.js';
import { invalidInput } from '../errors/invalid-input.js';
import type { Deadline } from '../shared/deadline.js';
import type { AuthenticatedViewer } from '../tokens/viewer.js';
import type { RequireRecentLogin } from './require-recent-login.js';

/** The most characters of the data of one response. A post has at most 300,000, if each character must be escaped. */
export const MOST_EXPORTED_CHARACTERS = 1_000_000;
const PAGE = 20;

export interface ExportedData {
  /** A JSON object with a list of rows for each part. */
  readonly data: string;
  /** Where the next response continues. Undefined: this is all. */
  readonly endCursor: string | undefined;
}

/** @throws Failure RECENT_LOGIN_REQUIRED, TOKEN_REVOKED, BAD_USER_INPUT for a cursor of something else */
export type ExportData = (
  viewer: AuthenticatedViewer,
  after: string | undefined,
  deadline: Deadline,
) => Promise<ExportedData>;

/** Collects what is stored about an account, as much as fits into one response. */
export function dataExport(parts: readonly ExportPart[], requireRecentLogin: RequireRecentLogin): ExportData {
  return async (viewer, cursor, deadline) => {
    await requireRecentLogin(viewer);
    const start = cursor === undefined ? { index: 0, id: undefined } : positionOf(cursor);
    const exported = new Map<string, string[]>();
    let length = 2; // the braces
    let last: string | undefined;
    for (const [index, part] of parts.entries()) {
      if (index < start.index) continue;
      length += part.name.length + 6; // the quotes, the colon, the brackets and a comma
      const rows: string[] = [];
      exported.set(part.name, rows);
      for await (const row of rowsAfter(
        part,
        viewer.accountId,
        index === start.index ? start.id : undefined,
        deadline,
      )) {
        const text = JSON.stringify(row);
        if (length + text.length + 1 > MOST_EXPORTED_CHARACTERS && last !== undefined) {
          return { data: objectOf(exported), endCursor: last };
        }
        rows.push(text);
        length += text.length + 1;
        last = Buffer.from(`${part.name}:${row.id}`).toString('base64url');
      }
    }
    return { data: objectOf(exported), endCursor: undefined };
  };

  function positionOf(cursor: string): { index: number; id: string } {
    const [name, id = ''] = Buffer.from(cursor, 'base64url').toString().split(':');
    const index = parts.findIndex((part) => part.name === name);
    if (index < 0 || id === '') throw invalidInput([{ path: ['after'], reason: 'INVALID_CURSOR' }]);
    return { index, id };
  }
}

async function* rowsAfter(
  part: ExportPart,
  accountId: string,
  after: string | undefined,
  deadline: Deadline,
): AsyncGenerator<ExportedRow> {
  let position = after;
  for (;;) {
    deadline.throwIfPassed();
    const rows = await part.list(accountId, position, PAGE);
    yield* rows;
    if (rows.length < PAGE) return;
    position = rows.at(-1)?.id;
  }
}

function objectOf(exported: ReadonlyMap<string, readonly string[]>): string {
  return `{${[...exported].map(([name, rows]) => `"${name}":[${rows.join(',')}]`).join(',')}}`;
}
