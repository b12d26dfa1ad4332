import { randomUUID } from 'node:crypto';
import { refusal, startTandem, type Tandem } from '../support/harness.js';
import { authorOn, POST, type Author } from '../support/posting.js';

const NODE = `query ($id: ID!) {
  node(id: $id) { __typename id ... on Account { email sessions { current } } ... on Post { ${POST} } }
}`;

describe('node', () => {
  let tandem: Tandem;
  let ada: Author;
  let bob: Author;
  beforeAll(async () => {
    tandem = await startTandem();
    [ada, bob] = await Promise.all([authorOn(tandem), authorOn(tandem)]);
  });
  afterAll(() => tandem.close());

  const read = async (author: Author, id: string) => (await author.send(NODE, { id })).data.node;

  it("reads the viewer's own account", async () => {
    const { id, email } = ada.person;
    await expect(read(ada, id)).resolves.toEqual({ __typename: 'Account', id, email, sessions: [{ current: true }] });
  });

  it('reads the posts that `post` reads, with the same fields', async () => {
    const [published, draft] = [await ada.post('Published'), await ada.post('Draft', { publish: false })];
    for (const [author, id] of [[ada, published] as const, [ada, draft] as const, [bob, published] as const]) {
      const { post } = (await author.send(`query ($id: ID!) { post(id: $id) { ${POST} } }`, { id })).data;
      await expect(read(author, id)).resolves.toEqual({ __typename: 'Post', ...post });
    }
  });

  it('is null for every other id', async () => {
    const draft = await ada.post('Draft', { publish: false });
    const { sessionId } = await tandem.login(bob.person);
    for (const id of [draft, ada.person.id, sessionId, randomUUID(), '', 'x'.repeat(10_000), '\0']) {
      await expect(read(bob, id)).resolves.toBeNull();
    }
  });

  it('is rejected without a token, also for the own id', async () => {
    const reply = await tandem.send(NODE, { id: ada.person.id });
    expect(refusal(reply)).toMatchObject({ status: 401, reason: 'TOKEN_MISSING' });
  });

  it('is rejected as revoked for an account that was deleted', async () => {
    const person = await tandem.person();
    const { authToken: token } = await tandem.login(person);
    const query = async () => tandem.send(NODE, { id: person.id }, { token });
    expect((await query()).status).toBe(200);
    await tandem.database.account.delete({ where: { id: person.id } });
    expect(refusal(await query())).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'TOKEN_REVOKED' });
  });
});
