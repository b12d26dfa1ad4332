import { invalidInput, type FieldProblem } from '../errors/invalid-input.js';
import type { ConnectionSource, PageWindow } from '../database/page-window.js';
import type { Deadline } from '../shared/deadline.js';
import type { Connection } from './connection.type.js';

/** The paging arguments of a list (Relay cursor connections). */
export interface ConnectionArgs {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;

/**
 * One page of a list. In the order of the ids, which never changes, pages neither skip nor repeat a row.
 * @throws Failure BAD_USER_INPUT, SERVICE_UNAVAILABLE after the deadline
 */
export async function connectionPage<Node>(
  source: ConnectionSource<Node>,
  args: ConnectionArgs,
  deadline: Deadline,
): Promise<Connection<Node>> {
  const { name, positions } = source;
  const window = windowOf(args, source);
  const { fromEnd, after, before } = window;
  // One row more than requested tells whether there is another page.
  const list: typeof source.list = async (part) => {
    deadline.throwIfPassed();
    return source.list(part);
  };
  const { rows, stoppedAt } = await list({ ...window, take: window.take + 1 });
  const isFull = rows.length > window.take;
  const more = isFull || stoppedAt !== undefined;
  const nodes = !isFull ? rows : fromEnd ? rows.slice(1) : rows.slice(0, -1);
  const [first, last] = [nodes.at(0), nodes.at(-1)].map((node) => node && positions.of(node));
  const [start, end] = fromEnd ? [stoppedAt ?? first, last] : [first, stoppedAt ?? last];
  const exists = async (side: Omit<PageWindow, 'take'>) => {
    const found = await list({ ...side, take: 1 });
    return found.rows.length > 0 || found.stoppedAt !== undefined;
  };
  const cursorAt = (position: string | undefined) => (position === undefined ? undefined : cursorOf(name, position));
  // No row lies between the cursors of an empty page, so the rows after one cursor are the rows before the other.
  const later = () => exists({ after: end ?? after, fromEnd: false });
  const earlier = () => exists({ before: start ?? before, fromEnd: true });
  return {
    edges: () => nodes.map((node) => ({ cursor: cursorOf(name, positions.of(node)), node })),
    nodes,
    pageInfo: {
      hasNextPage: () => (more && !fromEnd) || (before !== undefined && later()),
      hasPreviousPage: () => (more && fromEnd) || (after !== undefined && earlier()),
      startCursor: () => cursorAt(start),
      endCursor: () => cursorAt(end),
    },
    async totalCount() {
      deadline.throwIfPassed();
      return source.count();
    },
  };
}

function cursorOf(name: string, position: string): string {
  return Buffer.from(`${name}:${position}`).toString('base64url');
}

function windowOf({ first, after, last, before }: ConnectionArgs, list: CursorList): PageWindow {
  const problems = [
    ...(first != null && last != null ? (['first', 'last'] as const).map(exclusive) : []),
    ...problemOfSize('first', first),
    ...problemOfSize('last', last),
    ...problemOfCursor('after', after, list),
    ...problemOfCursor('before', before, list),
  ];
  if (problems.length > 0) throw invalidInput(problems);
  return {
    after: after == null ? undefined : positionIn(after, list),
    before: before == null ? undefined : positionIn(before, list),
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

function problemOfCursor(argument: string, cursor: string | null | undefined, list: CursorList): FieldProblem[] {
  if (cursor == null || positionIn(cursor, list) !== undefined) return [];
  return [{ path: [argument], reason: 'INVALID_CURSOR' }];
}

type CursorList = Pick<ConnectionSource<never>, 'name' | 'positions'>;

/** The position in a cursor of this list. There is only one encoding of each. */
function positionIn(cursor: string, { name, positions }: CursorList): string | undefined {
  const position = Buffer.from(cursor, 'base64url')
    .toString()
    .slice(name.length + 1);
  return positions.isValid(position) && cursorOf(name, position) === cursor ? position : undefined;
}
