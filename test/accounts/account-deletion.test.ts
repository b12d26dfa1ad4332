import {
  LOGIN,
  PASSWORD,
  PROTECTED,
  refusal,
  startTandem,
  type Person,
  type Tandem,
  type Tokens,
} from '../support/harness.js';
import { cleanUp } from '../support/cleanup.js';
import { lastMailTo } from '../support/mail.js';
import { NEW_PASSWORD, reset, resetMail } from '../support/password-reset.js';

const DELETE = 'mutation { deleteAccount { accepted } }';
const CREATE = 'mutation ($input: CreatePostInput!) { createPost(input: $input) { post { id } } }';
const READ = 'query ($id: ID!) { post(id: $id) { title author { id displayName } } }';
const LIST = `query ($authorId: ID!) { posts(filter: { authorId: $authorId }) {
  totalCount nodes { id status author { displayName } } } }`;
const EVENTS = '{ me { securityEvents(first: 9) { nodes { kind endReason } } } }';
const DAY = 86_400;
const STEP_UP = { status: 403, code: 'FORBIDDEN', reason: 'RECENT_LOGIN_REQUIRED', recovery: 'STEP_UP' };
const WRONG = { status: 400, code: 'INVALID_CREDENTIALS', reason: 'WRONG_EMAIL_OR_PASSWORD', recovery: 'FIX_INPUT' };

let tandem: Tandem;
let person: Person;
let tokens: Tokens;
let reader: Tokens;
let published: string;
let draft: string;

async function start(environment: Record<string, string> = {}): Promise<void> {
  tandem = await startTandem(environment);
  person = await tandem.person();
  tokens = await tandem.login(person);
  reader = await tandem.login();
  published = await create(true);
  draft = await create(false);
}
afterEach(() => tandem.close());

async function create(publish: boolean): Promise<string> {
  const input = { title: 'Otters', body: 'Seven.', publish };
  return (await tandem.send(CREATE, { input }, { token: tokens.authToken })).data.createPost.post.id;
}
const remove = () => tandem.send(DELETE, {}, { token: tokens.authToken });
const logIn = (password = PASSWORD) => tandem.send(LOGIN, { input: { email: person.email, password } });
const read = async () => (await tandem.send(READ, { id: published }, { token: reader.authToken })).data.post;
const list = async () => (await tandem.send(LIST, { authorId: person.id }, { token: reader.authToken })).data.posts;

describe('deleteAccount', () => {
  it('hides the posts and revokes every session at once', async () => {
    await start();
    const other = await tandem.login(person);
    expect((await remove()).data).toEqual({ deleteAccount: { accepted: true } });
    expect(await read()).toBeNull();
    expect(await list()).toEqual({ totalCount: 0, nodes: [] });
    for (const { authToken, refreshToken } of [tokens, other]) {
      expect(refusal(await tandem.send(PROTECTED, {}, { token: authToken }))).toMatchObject({
        reason: 'TOKEN_REVOKED',
      });
      expect(refusal(await tandem.refresh(refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REVOKED' });
    }
    expect((await lastMailTo(tandem, person.email)).subject).toBe('Your account will be deleted');
  });

  it('keeps published posts under another name if DELETED_ACCOUNT_POSTS is keep', async () => {
    await start({ DELETED_ACCOUNT_POSTS: 'keep' });
    await remove();
    expect(await read()).toEqual({ title: 'Otters', author: { id: person.id, displayName: 'Deleted account' } });
    expect((await list()).nodes).toMatchObject([{ id: published, author: { displayName: 'Deleted account' } }]);
  });

  it('requires a proof of identity within the last ten minutes', async () => {
    await start();
    tandem.clock.advance(601);
    expect(refusal(await remove())).toEqual(STEP_UP);
    expect((await tandem.send(PROTECTED, {}, { token: tokens.authToken })).status).toBe(200);
    const prove = 'mutation ($input: ReauthenticateInput!) { reauthenticate(input: $input) { authToken } }';
    const proven = await tandem.send(prove, { input: { password: PASSWORD } }, { token: tokens.authToken });
    tandem.clock.advance(590);
    tokens = { ...tokens, authToken: proven.data.reauthenticate.authToken };
    expect((await remove()).status).toBe(200);
  });

  it('requires a new proof if the clock was set back', async () => {
    await start();
    await tandem.database.session.update({
      where: { id: tokens.sessionId },
      data: { authenticatedAt: new Date(tandem.clock.nowMs() + 3_600_000) },
    });
    expect(refusal(await remove())).toEqual(STEP_UP);
  });

  it('lets one of five requests at the same moment record the deletion', async () => {
    await start();
    const replies = await Promise.all([remove(), remove(), remove(), remove(), remove()]);
    for (const reply of replies.filter(({ status }) => status !== 200)) {
      expect(refusal(reply)).toMatchObject({ reason: 'TOKEN_REVOKED' });
    }
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});

describe('a login after deleteAccount', () => {
  it.each(['delete', 'keep'])('restores the account before seven days, with posts to %s', async (posts) => {
    await start({ DELETED_ACCOUNT_POSTS: posts });
    await remove();
    tandem.clock.advance(7 * DAY - 60);
    await cleanUp(tandem);
    const { authToken: token } = (await logIn()).data.login;
    reader = await tandem.login();
    expect(await read()).toMatchObject({ title: 'Otters' });
    expect((await read()).author.displayName).not.toBe('Deleted account');
    expect((await list()).totalCount).toBe(1);
    const { nodes } = (await tandem.send(EVENTS, {}, { token })).data.me.securityEvents;
    expect(nodes.map(({ kind }: { kind: string }) => kind).slice(0, 4)).toEqual([
      expect.stringMatching(/^LOGGED_IN/),
      'ACCOUNT_RESTORED',
      'SESSION_ENDED',
      'ACCOUNT_DELETION_REQUESTED',
    ]);
    expect(nodes[2].endReason).toBe('ACCOUNT_DELETED');
  });

  it('restores nothing with a wrong password, or of a disabled account', async () => {
    await start();
    await remove();
    expect(refusal(await logIn('a wrong passphrase here'))).toEqual(WRONG);
    await tandem.disable(person.id);
    expect(refusal(await logIn())).toEqual(WRONG);
    expect(await tandem.database.account.count({ where: { deletionAt: null, id: person.id } })).toBe(0);
  });

  it('works with a password that was reset meanwhile', async () => {
    await start();
    await remove();
    expect((await reset(tandem, { token: (await resetMail(tandem, person.email)).token })).status).toBe(200);
    expect(await read()).toBeNull();
    expect((await logIn(NEW_PASSWORD)).status).toBe(200);
    expect(await read()).not.toBeNull();
  });
});

describe('the clean-up seven days after deleteAccount', () => {
  const rowsOf = async () => {
    const { account, session, post, securityEvent, outgoingMail } = tandem.database;
    const where = { accountId: person.id };
    return [
      await account.count({ where: { id: person.id } }),
      await session.count({ where }),
      await securityEvent.count({ where }),
      await outgoingMail.count({ where }),
      await post.count({ where: { authorId: person.id } }),
    ];
  };

  it('deletes the account with all its rows', async () => {
    await start();
    await remove();
    tandem.clock.advance(7 * DAY);
    expect(refusal(await logIn())).toEqual(WRONG);
    await cleanUp(tandem);
    expect(await rowsOf()).toEqual([0, 0, 0, 0, 0]);
    expect(await tandem.database.post.count()).toBe(0);
    expect(refusal(await logIn())).toEqual(WRONG);
  });

  it('moves published posts to one account for all if DELETED_ACCOUNT_POSTS is keep', async () => {
    await start({ DELETED_ACCOUNT_POSTS: 'keep' });
    await tandem.database.post.createMany({
      data: Array.from({ length: 120 }, (_, index) => ({
        id: `01a00000-0000-7000-8000-${String(index).padStart(12, '0')}`,
        authorId: person.id,
        title: 'T',
        body: 'B',
        status: 'PUBLISHED' as const,
        createdAt: new Date(),
        updatedAt: new Date(),
      })),
    });
    await remove();
    tandem.clock.advance(7 * DAY);
    await cleanUp(tandem);
    expect(await rowsOf()).toEqual([0, 0, 0, 0, 0]);
    expect(await tandem.database.post.count()).toBe(121);
    expect(await tandem.database.post.count({ where: { id: draft } })).toBe(0);
    reader = await tandem.login();
    const { author } = await read();
    expect(author.displayName).toBe('Deleted account');
    expect(author.id).not.toBe(person.id);
    const input = { email: 'DELETED', password: PASSWORD };
    expect(refusal(await tandem.send(LOGIN, { input }))).toEqual(WRONG);
  });
});
