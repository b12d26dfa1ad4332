import { refusal, startTandem, type Person, type Tandem, type Tokens } from '../support/harness.js';
import { resetMail } from '../support/password-reset.js';

const EXPORT = 'query ($after: String) { exportMyData(after: $after) { data endCursor } }';
const CREATE = 'mutation ($input: CreatePostInput!) { createPost(input: $input) { post { id } } }';

let tandem: Tandem;
let person: Person;
let tokens: Tokens;
beforeAll(async () => (tandem = await startTandem()));
beforeEach(async () => {
  person = await tandem.person();
  tokens = await tandem.login(person);
});
afterAll(() => tandem.close());

const send = (after?: string) => tandem.send(EXPORT, { after }, { token: tokens.authToken });
const create = (input: object) => tandem.send(CREATE, { input }, { token: tokens.authToken });

/** All responses, with their lists appended. */
async function exported(): Promise<{ pages: number; all: Record<string, { id: string }[]> }> {
  const all: Record<string, { id: string }[]> = {};
  let after: string | undefined;
  for (let pages = 1; ; pages += 1) {
    const { data, endCursor } = (await send(after)).data.exportMyData;
    for (const [name, rows] of Object.entries<{ id: string }[]>(JSON.parse(data))) (all[name] ??= []).push(...rows);
    if (endCursor === null) return { pages, all };
    after = endCursor;
  }
}

describe('exportMyData', () => {
  it('contains what each domain stores, and nothing of other accounts', async () => {
    await tandem.login();
    await create({ title: 'Otters', body: 'Seven.' });
    await resetMail(tandem, person.email);
    const { all, pages } = await exported();
    expect(pages).toBe(1);
    expect(all).toMatchObject({
      account: [{ id: person.id, email: person.email, role: 'MEMBER' }],
      oneTimeTokens: [{ purpose: 'RESET_PASSWORD', email: person.email }],
      mails: [{ template: 'reset-password', toAddress: person.email }],
      securityEvents: [{ kind: 'LOGGED_IN_ON_NEW_DEVICE' }],
      sessions: [{ id: tokens.sessionId }],
      posts: [{ title: 'Otters', body: 'Seven.', status: 'DRAFT' }],
    });
  });

  it('contains no hash and no secret', async () => {
    const { token, code } = await resetMail(tandem, person.email);
    const account = await tandem.database.account.findUniqueOrThrow({ where: { id: person.id } });
    const session = await tandem.database.session.findUniqueOrThrow({ where: { id: tokens.sessionId } });
    const { data } = (await send()).data.exportMyData;
    const secrets = [account.passwordHash, account.eventHash, session.refreshKeyId, token, code, tokens.refreshToken];
    for (const secret of secrets) expect(data).not.toContain(secret);
    expect(data).not.toMatch(/hash|salt|mac"|keyId/i);
  });

  it('continues where a response was full', async () => {
    const body = '"\u0001'.repeat(25_000); // the longest post, and the longest escapes
    const now = new Date();
    const ids = Array.from({ length: 12 }, (_, post) => `01a00000-0000-7000-8000-0000000000${10 + post}`);
    await tandem.database.post.createMany({
      data: ids.map((id) => ({ id, authorId: person.id, title: 'T', body, createdAt: now, updatedAt: now })),
    });
    const { all, pages } = await exported();
    expect(pages).toBeGreaterThan(1);
    expect(all['posts']?.map(({ id }) => id)).toEqual(ids);
    expect(all['account']).toHaveLength(1);
    const [first] = [(await send()).data.exportMyData.data];
    expect(first.length).toBeLessThanOrEqual(1_000_000);
  });

  it('requires a recent login', async () => {
    tandem.clock.advance(601);
    expect(refusal(await send())).toMatchObject({ status: 403, reason: 'RECENT_LOGIN_REQUIRED', recovery: 'STEP_UP' });
  });

  it.each(['nonsense', Buffer.from('sessions:').toString('base64url'), Buffer.from('post:1').toString('base64url')])(
    'rejects the cursor %s',
    async (after) => {
      expect((await send(after)).errors?.[0]?.extensions['fields']).toMatchObject([
        { path: ['after'], reason: 'INVALID_CURSOR' },
      ]);
    },
  );
});
