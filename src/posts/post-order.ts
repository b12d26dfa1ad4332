import type { ListOrder } from '../database/list-order.js';

export const PostOrderField = { CREATED_AT: 'CREATED_AT', UPDATED_AT: 'UPDATED_AT' } as const;
export type PostOrderField = keyof typeof PostOrderField;

export const OrderDirection = { ASC: 'ASC', DESC: 'DESC' } as const;
export type OrderDirection = keyof typeof OrderDirection;

export interface PostOrder {
  readonly field: PostOrderField;
  readonly direction: OrderDirection;
}

export const NEWEST_FIRST: PostOrder = { field: 'CREATED_AT', direction: 'DESC' };

export function isNewestFirst({ field, direction }: PostOrder): boolean {
  return field === NEWEST_FIRST.field && direction === NEWEST_FIRST.direction;
}

/** Posts are created in the order of their ids. */
export function listOrder({ field, direction }: PostOrder): ListOrder {
  return { ...(field === 'UPDATED_AT' && { column: 'updatedAt' }), descending: direction === 'DESC' };
}

/** The name of the list in its cursors. Newest first is the name that all cursors had before there were other orders. */
export function listName(order: PostOrder): string {
  return isNewestFirst(order) ? 'post' : `post.${order.field}.${order.direction}`;
}
