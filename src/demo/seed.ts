import type { PasswordHashing } from '../accounts/passwords/password-hashing.js';
import type { Database } from '../database/client.js';
import type { Clock } from '../shared/clock.js';
import { v7 } from 'uuid';

export const DEMO_LOGIN = { email: 'ada@example.com', password: 'correct horse battery staple' } as const;

const HOUR_MS = 3_600_000;

const AUTHORS = [
  {
    email: DEMO_LOGIN.email,
    displayName: 'Ada',
    subjects: ['the Analytical Engine', 'punched cards', 'Bernoulli numbers', 'loops before there were loops'],
  },
  {
    email: 'grace@example.com',
    displayName: 'Grace',
    subjects: ['compilers', 'a moth in a relay', 'nanoseconds of wire', 'asking forgiveness'],
  },
] as const;

const ANGLES = [
  ['Notes on', 'What I would tell someone who starts today, in the order in which I wish that I had been told.'],
  ['A short history of', 'Where it came from, who had the idea first, and who was paid for it.'],
  ['What nobody says about', 'Three things that every text leaves out, and what they cost the people who found them.'],
  ['How I learned', 'Slowly, and then all at once. These are the mistakes, so that you can make others.'],
  ['In praise of', 'It has few friends. I am one of them, for reasons that fit on a page.'],
] as const;

/** Demo accounts and posts for an empty database: 40 published posts and a draft of each author. Never in production. */
export async function seed(database: Database, hashing: PasswordHashing, clock: Clock): Promise<void> {
  if (await database.account.findFirst({ select: { id: true } })) return;
  const nowMs = clock.nowMs();
  const passwordHash = await hashing.hash(DEMO_LOGIN.password);
  const now = new Date(nowMs);
  const accounts = AUTHORS.map(({ email, displayName }) => ({
    id: v7({ msecs: nowMs }),
    email,
    displayName,
    passwordHash,
    emailVerifiedAt: now,
    createdAt: now,
    updatedAt: now,
  }));
  const writings = ANGLES.flatMap(([angle, body]) =>
    AUTHORS.flatMap(({ subjects }, author) =>
      subjects.map((subject) => ({ author, title: `${angle} ${subject}`, body })),
    ),
  );
  const posts = writings.map(({ author, title, body }, index) => {
    const at = new Date(nowMs - (writings.length - index) * HOUR_MS);
    return post(accounts[author]?.id, title, body, at, true);
  });
  const drafts = accounts.map(({ id, displayName }) =>
    post(id, `A draft that only ${displayName} sees`, 'Not ready yet.', now, false),
  );
  await database.$transaction([
    database.account.createMany({ data: accounts }),
    database.post.createMany({ data: [...posts, ...drafts] }),
  ]);
}

function post(authorId = '', title: string, body: string, at: Date, published: boolean) {
  return {
    id: v7({ msecs: at.getTime() }),
    authorId,
    title,
    body,
    status: published ? ('PUBLISHED' as const) : ('DRAFT' as const),
    publishedAt: published ? at : null,
    createdAt: at,
    updatedAt: at,
  };
}
