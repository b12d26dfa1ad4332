import { migratedDatabase, onServer, type TestDatabase } from '../../support/databases.js';
import { startTandem, type Tandem } from '../../support/harness.js';
import { authorOn, change, type Author } from '../../support/posting.js';
import { tcpProxy, type TcpProxy } from '../../support/tcp-proxy.js';
import { until } from '../../support/until.js';

const LAG_SECONDS = 10;
const TITLES = '{ posts { totalCount nodes { title author { id } } } }';

describe('with a read replica', () => {
  let behind: TestDatabase;
  let proxy: TcpProxy;
  let tandem: Tandem;
  let reader: Author;
  let writer: Author;
  beforeEach(async () => {
    // A replica that has stopped following: what it has tells where a read came from.
    behind = await migratedDatabase();
    proxy = await tcpProxy(behind.url);
    tandem = await startTandem({
      DATABASE_READ_URL: proxy.url,
      DATABASE_READ_LAG_SECONDS: String(LAG_SECONDS),
      DATABASE_CONNECT_TIMEOUT_MS: '300',
    });
    [reader, writer] = [await authorOn(tandem), await authorOn(tandem)];
    tandem.clock.advance(LAG_SECONDS); // what was written before the start may be behind too
  });
  afterEach(async () => {
    await tandem.close();
    await proxy.close();
    await behind.drop();
  });

  const titles = async ({ send }: Author) =>
    (await send(TITLES)).data.posts.nodes.map(({ title }: { title: string }) => title);

  it('reads posts from it: lists, counts and single ones', async () => {
    const id = await writer.post('new');
    expect((await reader.send(TITLES)).data).toEqual({ posts: { totalCount: 0, nodes: [] } });
    const READ = 'query ($id: ID!) { post(id: $id) { title } }';
    expect((await reader.send(READ, { id })).data).toEqual({ post: null });
    expect((await writer.send(READ, { id })).data).toEqual({ post: { title: 'new' } });
  });

  it('lets whoever has written read what they wrote, for as long as it may lag', async () => {
    const id = await writer.post('first');
    expect(await titles(writer)).toEqual(['first']);
    expect(await titles(reader)).toEqual([]);
    tandem.clock.advance(LAG_SECONDS - 1);
    expect(await titles(writer)).toEqual(['first']);
    tandem.clock.advance(2);
    expect(await titles(writer)).toEqual([]);

    for (const [field, input] of Object.entries({
      updatePost: { id, title: 'second' },
      unpublishPost: { id },
      publishPost: { id },
    })) {
      tandem.clock.advance(LAG_SECONDS);
      expect((await writer.send(...change(field, input))).data[field]).toMatchObject({ id, title: 'second' });
      expect(await titles(writer)).toEqual(['second']);
    }
  });

  it('lets them read it on the other processes too', async () => {
    const sibling = await tandem.sibling();
    tandem.clock.advance(LAG_SECONDS);
    const there = { ...writer, send: await sendingTo(sibling, writer) };
    expect(await titles(there)).toEqual([]);
    await writer.post('new');
    await until(async () => (await titles(there)).length === 1);
  });

  it('decides what a change does on the primary', async () => {
    const id = await writer.post('new');
    tandem.clock.advance(LAG_SECONDS + 1);
    expect((await writer.send(...change('publishPost', { id }))).data.publishPost).toMatchObject({ id });
  });

  it('reads from the primary while the replica is away', async () => {
    await writer.post('new');
    proxy.cut();
    expect(await titles(reader)).toEqual(['new']);
    proxy.resume();
    expect(await titles(reader)).toEqual(['new']);
    tandem.clock.advance(LAG_SECONDS + 1);
    expect(await titles(reader)).toEqual([]);
  });

  it('trusts the replica with no tokens: sessions are the primary’s alone', async () => {
    await onServer(behind.url, 'DROP TABLE "Session" CASCADE', 'DROP TABLE "Account" CASCADE');
    const tokens = await tandem.login();
    expect((await tandem.refresh(tokens.refreshToken)).status).toBe(200);
    expect((await tandem.send('{ me { id } }', {}, { token: tokens.authToken })).status).toBe(200);
  });

  async function sendingTo(sibling: Tandem, { person }: Author): Promise<Author['send']> {
    const { authToken } = await sibling.login(person);
    return (query, variables) => sibling.send(query, variables, { token: authToken });
  }
});
