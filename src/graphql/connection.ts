import { invalidInput, type FieldProblem } from '../errors/invalid-input.js';
import type { ConnectionSource, PageWindow } from '../database/page-window.js';
import type { Deadline } from '../shared/deadline.js';
import { isId } from '../shared/id.js';
import type { Connection } from './connection.type.js';

/** The paging arguments of a list (Relay cursor connections). */
export interface ConnectionArgs {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

const DEFAULT_PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 100;

/**
 * One page of a list. The list is in the order of the ids, which never changes, so pages neither skip nor repeat a row.
 * @throws Failure BAD_USER_INPUT, SERVICE_UNAVAILABLE after the deadline
 */
export async function connectionPage<Node extends { id: string }>(
  source: ConnectionSource<Node>,
  args: ConnectionArgs,
  deadline: Deadline,
): Promise<Connection<Node>> {
  const window = windowOf(args, source.name);
  const { fromEnd, olderThan, newerThan } = window;
  // One row more than requested tells whether there is another page.
  const list: typeof source.list = async (part) => {
    deadline.throwIfPassed();
    return source.list(part);
  };
  const { rows, stoppedAt } = await list({ ...window, take: window.take + 1 });
  const isFull = rows.length > window.take;
  const more = isFull || stoppedAt !== undefined;
  const nodes = !isFull ? rows : fromEnd ? rows.slice(1) : rows.slice(0, -1);
  const [start, end] = fromEnd
    ? [stoppedAt ?? nodes.at(0)?.id, nodes.at(-1)?.id]
    : [nodes.at(0)?.id, stoppedAt ?? nodes.at(-1)?.id];
  const exists = async (side: Omit<PageWindow, 'take'>) => {
    const found = await list({ ...side, take: 1 });
    return found.rows.length > 0 || found.stoppedAt !== undefined;
  };
  const cursorOfId = (id: string | undefined) => (id === undefined ? undefined : cursorOf(source.name, id));
  // No row lies between the cursors of an empty page, so the rows after one cursor are the rows before the other.
  const older = () => exists({ olderThan: end ?? olderThan, fromEnd: false });
  const newer = () => exists({ newerThan: start ?? newerThan, fromEnd: true });
  return {
    edges: () => nodes.map((node) => ({ cursor: cursorOf(source.name, node.id), node })),
    nodes,
    pageInfo: {
      hasNextPage: () => (more && !fromEnd) || (newerThan !== undefined && older()),
      hasPreviousPage: () => (more && fromEnd) || (olderThan !== undefined && newer()),
      startCursor: () => cursorOfId(start),
      endCursor: () => cursorOfId(end),
    },
    async totalCount() {
      deadline.throwIfPassed();
      return source.count();
    },
  };
}

function cursorOf(name: string, id: string): string {
  return Buffer.from(`${name}:${id}`).toString('base64url');
}

function windowOf({ first, after, last, before }: ConnectionArgs, name: string): PageWindow {
  const problems = [
    ...(first != null && last != null ? (['first', 'last'] as const).map(exclusive) : []),
    ...problemOfSize('first', first),
    ...problemOfSize('last', last),
    ...problemOfCursor('after', after, name),
    ...problemOfCursor('before', before, name),
  ];
  if (problems.length > 0) throw invalidInput(problems);
  return {
    olderThan: after == null ? undefined : idIn(after, name),
    newerThan: before == null ? undefined : idIn(before, name),
    take: first ?? last ?? DEFAULT_PAGE_SIZE,
    fromEnd: last != null,
  };
}

function exclusive(argument: 'first' | 'last'): FieldProblem {
  return { path: [argument], reason: 'MUTUALLY_EXCLUSIVE', message: 'Send either first or last, not both.' };
}

function problemOfSize(argument: string, size: number | null | undefined): FieldProblem[] {
  if (size == null || (size >= 1 && size <= MAX_PAGE_SIZE)) return [];
  return [{ path: [argument], reason: 'OUT_OF_RANGE', message: `Must be from 1 to ${MAX_PAGE_SIZE}.` }];
}

function problemOfCursor(argument: string, cursor: string | null | undefined, name: string): FieldProblem[] {
  if (cursor == null || idIn(cursor, name) !== undefined) return [];
  return [{ path: [argument], reason: 'INVALID_CURSOR' }];
}

/** The id in a cursor of this list. There is only one encoding of each. */
function idIn(cursor: string, name: string): string | undefined {
  const id = Buffer.from(cursor, 'base64url')
    .toString()
    .slice(name.length + 1);
  return isId(id) && cursorOf(name, id) === cursor ? id : undefined;
}
