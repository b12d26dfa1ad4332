import { refusal, startTandem, type Tandem } from '../support/harness.js';
import { authorOn, change, POST, type Author } from '../support/posting.js';

describe('writing posts', () => {
  let tandem: Tandem;
  let ada: Author;
  beforeAll(async () => {
    tandem = await startTandem();
    ada = await authorOn(tandem);
  });
  afterAll(() => tandem.close());

  const read = async (id: string) =>
    (await ada.send(`query ($id: ID!) { post(id: $id) { ${POST} } }`, { id })).data.post;
  const FIX_INPUT = { status: 400, code: 'BAD_USER_INPUT', reason: null, recovery: 'FIX_INPUT' };

  it('creates a draft by default', async () => {
    const { data } = await ada.send(...change('createPost', { title: '  Hello ', body: ' World\n' }));
    expect(data.createPost.post).toEqual({
      id: expect.any(String),
      title: 'Hello',
      body: ' World\n',
      status: 'DRAFT',
      author: { id: ada.person.id, displayName: expect.any(String) },
      publishedAt: null,
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: data.createPost.post.createdAt,
    });
    expect(await read(data.createPost.post.id)).toEqual(data.createPost.post);
  });

  it('publishes at once when requested', async () => {
    const { data } = await ada.send(...change('createPost', { title: 'Now', body: '', publish: true }));
    expect(data.createPost.post).toMatchObject({ status: 'PUBLISHED', publishedAt: data.createPost.post.createdAt });
  });

  it('changes only the given fields', async () => {
    const id = await ada.post('Before', { body: 'Body' });
    const before = await read(id);
    tandem.clock.advance(60);
    const { data } = await ada.send(...change('updatePost', { id, title: 'After', body: null }));
    expect(data.updatePost.post).toEqual({ ...before, title: 'After', updatedAt: data.updatePost.post.updatedAt });
    expect(Date.parse(data.updatePost.post.updatedAt)).toBeGreaterThan(Date.parse(before.updatedAt));
    expect((await ada.send(...change('updatePost', { id, body: '' }))).data.updatePost.post).toMatchObject({
      title: 'After',
      body: '',
    });
  });

  it('publishes and unpublishes idempotently', async () => {
    const id = await ada.post('Draft', { publish: false });
    const published = (await ada.send(...change('publishPost', { id }))).data.publishPost.post;
    expect(published).toMatchObject({ status: 'PUBLISHED', publishedAt: expect.any(String) });
    tandem.clock.advance(60);
    expect((await ada.send(...change('publishPost', { id }))).data.publishPost.post).toEqual(published);
    const unpublished = (await ada.send(...change('unpublishPost', { id }))).data.unpublishPost.post;
    expect(unpublished).toMatchObject({ status: 'DRAFT', publishedAt: null });
    tandem.clock.advance(60);
    expect((await ada.send(...change('unpublishPost', { id }))).data.unpublishPost.post).toEqual(unpublished);
  });

  it('deletes a post permanently', async () => {
    const id = await ada.post();
    expect((await ada.send(...change('deletePost', { id }))).data).toEqual({ deletePost: { deletedPostId: id } });
    expect(await read(id)).toBeNull();
    expect(refusal(await ada.send(...change('deletePost', { id })))).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  });

  it.each([
    ['a title of 201 characters', { title: 'x'.repeat(201), body: '' }],
    ['an empty title', { title: '', body: '' }],
    ['a blank title', { title: ' \t\n\u00a0', body: '' }],
    ['a body of 50,001 characters', { title: 'T', body: 'x'.repeat(50_001) }],
  ])('rejects %s in a new post and in a change', async (_what, fields) => {
    const id = await ada.post('Kept', { body: 'Kept' });
    expect(refusal(await ada.send(...change('createPost', fields)))).toEqual(FIX_INPUT);
    expect(refusal(await ada.send(...change('updatePost', { id, ...fields })))).toEqual(FIX_INPUT);
    expect(await read(id)).toMatchObject({ title: 'Kept', body: 'Kept' });
  });

  it('accepts a title of 200 characters and a body of 50,000', async () => {
    const fields = { title: 'é'.repeat(200), body: 'x'.repeat(50_000) };
    expect((await ada.send(...change('createPost', fields))).data.createPost.post).toMatchObject(fields);
  });

  it('stores text unchanged', async () => {
    const fields = { title: `<b>'"; DROP TABLE "Post" --`, body: '\u{1f9d1}\u200d\u{1f680} <script>\r\n\\ % _ ${x}' };
    const { data } = await ada.send(...change('createPost', fields));
    expect(await read(data.createPost.post.id)).toMatchObject(fields);
  });
});
