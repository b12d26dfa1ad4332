import { randomUUID } from 'node:crypto';
import { refusal, startTandem, type GraphQLReply, type Tandem } from '../support/harness.js';
import { authorOn, change, POST, type Author } from '../support/posting.js';

describe('posts of another account', () => {
  let tandem: Tandem;
  let ada: Author;
  let bob: Author;
  beforeAll(async () => {
    tandem = await startTandem();
    [ada, bob] = await Promise.all([authorOn(tandem), authorOn(tandem)]);
  });
  afterAll(() => tandem.close());

  const READ = `query ($id: ID!) { post(id: $id) { ${POST} } }`;
  const LIST = `query ($filter: PostFilter) { posts(first: 100, filter: $filter) { totalCount nodes { id } } }`;

  /** All parts of a reply that a client can see, without the requested id. */
  function whole({ status, headers, text }: GraphQLReply, id: string): unknown {
    const told = Object.fromEntries(headers);
    for (const name of ['date', 'x-request-id']) delete told[name];
    return { status, headers: told, text: text.replaceAll(id, '<id>') };
  }

  it('are readable by every account once they are published', async () => {
    const id = await ada.post('Published');
    expect((await bob.send(READ, { id })).data.post).toMatchObject({ id, author: { id: ada.person.id } });
  });

  it('show only the public fields of their author', async () => {
    const id = await ada.post('Published');
    const { text } = await bob.send(READ, { id });
    expect(text).not.toContain(ada.person.email);
  });

  it.each<[string, (id: string) => [string, object]]>([
    ['reading', (id) => [READ, { id }]],
    ['changing', (id) => change('updatePost', { id, title: 'Mine' })],
    ['publishing', (id) => change('publishPost', { id })],
    ['unpublishing', (id) => change('unpublishPost', { id })],
    ['deleting', (id) => change('deletePost', { id })],
  ])('return the same error for %s a draft as for a missing post', async (_what, operation) => {
    const draft = await ada.post('Secret', { publish: false });
    for (const missing of [randomUUID(), 'no id at all, but as many characters']) {
      const replies = await Promise.all([draft, missing].map((id) => bob.send(...operation(id))));
      const [ofDraft, ofMissing] = replies.map((reply, at) => whole(reply, [draft, missing][at] ?? ''));
      expect(ofDraft).toEqual(ofMissing);
    }
    expect((await ada.send(READ, { id: draft })).data.post).toMatchObject({ title: 'Secret', status: 'DRAFT' });
  });

  it.each(['updatePost', 'publishPost', 'unpublishPost', 'deletePost'])(
    'cannot be changed by %s, even when published',
    async (field) => {
      const id = await ada.post('Hers');
      const before = (await ada.send(READ, { id })).data.post;
      const reply = await bob.send(...change(field, field === 'updatePost' ? { id, title: 'Mine' } : { id }));
      expect(refusal(reply)).toMatchObject({ status: 404, code: 'NOT_FOUND' });
      expect(reply.data).toBeNull();
      expect((await ada.send(READ, { id })).data.post).toEqual(before);
    },
  );

  it('are in no list and no count while they are drafts', async () => {
    const marker = randomUUID();
    const draft = await ada.post(marker, { publish: false });
    const filters = [
      {},
      { authorId: ada.person.id },
      { status: 'DRAFT' },
      { status: 'DRAFT', authorId: ada.person.id },
      { search: marker },
    ];
    for (const filter of filters) {
      const { nodes } = (await bob.send(LIST, { filter })).data.posts;
      expect(nodes).not.toContainEqual({ id: draft });
      expect((await ada.send(LIST, { filter })).data.posts.nodes).toContainEqual({ id: draft });
    }
    const count = async (author: Author) => (await author.send(LIST, { filter: { search: marker } })).data.posts;
    expect([await count(bob), await count(ada)]).toMatchObject([{ totalCount: 0 }, { totalCount: 1 }]);
  });
});
