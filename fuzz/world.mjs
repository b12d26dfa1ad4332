import { randomUUID } from 'node:crypto';
import { fieldOfKey } from './documents.mjs';

/** The passwords of all accounts. None of them may appear in a response or in the log. */
export const PASSWORDS = [
  'a passphrase that the fuzzer knows',
  'seven purple hedgehogs in a lift',
  'marmalade never sleeps on tuesdays',
  'the harbour clock is four minutes late',
];
const MOST_KEPT = 100;
const MOST_SESSIONS = 6;

/** What the fuzzer has learned from responses: sessions, IDs and cursors that later documents use. */
export function createWorld(emails, secrets) {
  const accounts = emails.map((email) => ({ email, password: PASSWORDS[0], sessions: [], sessionIds: [], posts: [] }));
  const world = { accounts, posts: [], users: [], cursors: {}, previousTokens: [], previousAuthTokens: [] };
  world.secretTexts = () => [PASSWORDS[0], ...world.previousTokens.slice(-3), ...world.previousAuthTokens.slice(-3)];

  /** Remembers the session of a token pair. */
  world.addPair = (account, { authToken, refreshToken, session }) => {
    if (!authToken || !refreshToken || !session) return;
    secrets.add(authToken, refreshToken);
    const known = account.sessions.find(({ id }) => id === session.id);
    if (known?.refreshToken === refreshToken) return void Object.assign(known, { authToken });
    if (known) world.drop(account, known);
    account.sessions.push({ id: session.id, authToken, refreshToken, key: randomUUID() });
    keep(account.sessionIds, session.id);
    if (account.sessions.length > MOST_SESSIONS) world.drop(account, account.sessions[0]);
  };

  /** A session that the server rejects is used for reuse and expiry only. */
  world.drop = (account, session) => {
    account.sessions = account.sessions.filter((other) => other !== session);
    keep(world.previousTokens, session.refreshToken);
    keep(world.previousAuthTokens, session.authToken);
  };

  world.learn = (data, { account }) => {
    for (const [key, value] of Object.entries(data ?? {})) learnFrom(value, fieldOfKey(key), fieldOfKey(key));
    function learnFrom(value, root, list) {
      if (Array.isArray(value)) return value.forEach((item) => learnFrom(item, root, list));
      if (typeof value !== 'object' || value === null) return;
      if (value.__typename === 'TokenPair') world.addPair(account, value);
      if (value.__typename === 'Post') keep(world.posts, value.id);
      if (value.__typename === 'Post' && root === 'createPost') keep(account.posts, value.id);
      if (value.deletedPostId) account.posts = account.posts.filter((id) => id !== value.deletedPostId);
      if (value.__typename === 'User' || value.__typename === 'Account') keep(world.users, value.id);
      if (value.__typename === 'Session') keep(account.sessionIds, value.id);
      for (const [key, inner] of Object.entries(value)) {
        const name = fieldOfKey(key);
        if (/cursor$/i.test(name) && typeof inner === 'string') keep((world.cursors[list] ??= []), inner);
        const isList = inner?.__typename?.endsWith('Connection');
        learnFrom(inner, root, isList ? name : list);
      }
    }
  };
  return world;
}

function keep(list, value) {
  if (list.includes(value)) return;
  list.push(value);
  if (list.length > MOST_KEPT) list.shift();
}
