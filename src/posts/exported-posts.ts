import type { Database } from '../database/client.js';
import type { ExportPart } from '../database/export-part.js';
import { POST_FIELDS } from './post-row.js';

/** The posts of an account, drafts included. */
export function exportedPosts({ post }: Database): ExportPart {
  return {
    name: 'posts',
    list: (authorId, after, take) =>
      post.findMany({ where: { authorId, id: { gt: after } }, orderBy: { id: 'asc' }, take, select: POST_FIELDS }),
  };
}
