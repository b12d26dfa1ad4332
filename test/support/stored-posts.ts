import { randomUUID } from 'node:crypto';
import type { Tandem } from './harness.js';

/** Stores published posts with these texts directly in the database. */
export async function storePosts({ database, clock }: Tandem, authorId: string, bodies: string[]): Promise<void> {
  const at = new Date(clock.nowMs());
  const data = bodies.map((body) => ({
    id: randomUUID(),
    authorId,
    title: 'A title',
    body,
    status: 'PUBLISHED' as const,
    publishedAt: at,
    createdAt: at,
    updatedAt: at,
  }));
  await database.post.createMany({ data });
}
