import { Failure } from '../errors/failure.js';
import type { ConnectionSource, PageWindow } from '../database/page-window.js';
import { isId } from '../shared/id.js';

/** What a client asks of a list (Relay cursor connections). */
export interface ConnectionArgs {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

/** A page of a connection. What costs something of its own is a function, run when it is asked for. */
export interface Page<Node> {
  edges(): readonly { readonly cursor: string; readonly node: Node }[];
  readonly nodes: readonly Node[];
  readonly pageInfo: {
    hasNextPage(): boolean | Promise<boolean>;
    hasPreviousPage(): boolean | Promise<boolean>;
    startCursor(): string | undefined;
    endCursor(): string | undefined;
  };
  totalCount(): Promise<number>;
}

const DEFAULT_PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 100;

/**
 * One page of a list. The order is that of the ids, which never changes, so pages neither skip nor repeat a row.
 * `present` makes what is shown of the rows on the page.
 * @throws Failure BAD_USER_INPUT
 */
export async function connectionPage<Row extends { id: string }, Node extends { id: string } = Row>(
  listing: ConnectionSource<Row>,
  request: ConnectionArgs,
  present: (rows: readonly Row[]) => Promise<readonly Node[]>,
): Promise<Page<Node>> {
  const window = windowOf(request, listing.name);
  const { fromEnd, olderThan, newerThan } = window;
  // One more than asked for tells whether there is another page.
  const rows = await listing.list({ ...window, take: window.take + 1 });
  const more = rows.length > window.take;
  const nodes = await present(!more ? rows : fromEnd ? rows.slice(1) : rows.slice(0, -1));
  const exists = async (side: Pick<PageWindow, 'olderThan' | 'newerThan'>) =>
    (await listing.list({ ...side, take: 1, fromEnd: false })).length > 0;
  const cursorOfNode = (node: Node | undefined) => node && cursorOf(listing.name, node.id);
  // Nothing lies between the cursors of an empty page, so what is beyond one is what is before the other.
  const older = () => exists({ olderThan: nodes.at(-1)?.id ?? olderThan });
  const newer = () => exists({ newerThan: nodes.at(0)?.id ?? newerThan });
  return {
    edges: () => nodes.map((node) => ({ cursor: cursorOf(listing.name, node.id), node })),
    nodes,
    pageInfo: {
      hasNextPage: () => (fromEnd || newerThan !== undefined ? older() : more),
      hasPreviousPage: () => (!fromEnd || olderThan !== undefined ? newer() : more),
      startCursor: () => cursorOfNode(nodes.at(0)),
      endCursor: () => cursorOfNode(nodes.at(-1)),
    },
    totalCount: () => listing.count(),
  };
}

function cursorOf(name: string, id: string): string {
  return Buffer.from(`${name}:${id}`).toString('base64url');
}

function windowOf({ first, after, last, before }: ConnectionArgs, name: string): PageWindow {
  if (first != null && last != null) throw badInput('Give either first or last, not both.');
  return {
    olderThan: idOf('after', after, name),
    newerThan: idOf('before', before, name),
    take: sizeOf('first', first) ?? sizeOf('last', last) ?? DEFAULT_PAGE_SIZE,
    fromEnd: last != null,
  };
}

function sizeOf(argument: string, size: number | null | undefined): number | undefined {
  if (size == null) return undefined;
  if (size < 1 || size > MAX_PAGE_SIZE) throw badInput(`${argument} must be from 1 to ${MAX_PAGE_SIZE}.`);
  return size;
}

function idOf(argument: string, cursor: string | null | undefined, name: string): string | undefined {
  if (cursor == null) return undefined;
  const id = Buffer.from(cursor, 'base64url')
    .toString()
    .slice(name.length + 1);
  if (!isId(id) || cursorOf(name, id) !== cursor) {
    throw badInput(`${argument} must be a cursor of this list, as found in edges and pageInfo.`);
  }
  return id;
}

function badInput(publicMessage: string): Failure {
  return new Failure('BAD_USER_INPUT', { publicMessage });
}
