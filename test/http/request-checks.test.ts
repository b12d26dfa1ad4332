import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { PROTECTED, startTandem, type Tandem } from '../support/harness.js';

const CREATE = 'mutation Create($input: CreatePostInput!) { createPost(input: $input) { post { id title body } } }';

describe('a request to /graphql', () => {
  let tandem: Tandem;
  let token: string;
  beforeAll(async () => {
    tandem = await startTandem();
    token = (await tandem.login()).authToken;
  });
  afterAll(() => tandem.close());

  /** Sends bytes with exactly these headers. A header with an array of values is sent several times. */
  function send(body: string | Buffer, headers: [string, string][] = [], path = '/graphql', method = 'POST') {
    const { hostname, port } = new URL(tandem.url);
    const all: [string, string][] = [
      ['host', `${hostname}:${port}`],
      ['content-type', 'application/json'],
      ['content-length', String(Buffer.byteLength(body))],
      ...headers,
    ];
    return new Promise<{ status: number | undefined; headers: object; body: string }>((resolve, reject) => {
      const client = httpRequest({ hostname, port, path, method, headers: all.flat() }, (response) => {
        let text = '';
        response.on('data', (chunk) => (text += String(chunk)));
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: text }));
      });
      client.on('error', reject);
      client.end(body);
    });
  }
  const codeOf = ({ body }: { body: string }) =>
    (JSON.parse(body) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code;

  it.each([PROTECTED, '{ tokenStatus { state } }', 'mutation { logout { loggedOut } }'])(
    'is rejected when it has two Authorization headers: %s',
    async (query) => {
      const { authToken } = await tandem.login(); // one of the operations logs out
      const twice: [string, string][] = [
        ['Authorization', `Bearer ${authToken}`],
        ['authorization', 'Bearer another'],
      ];
      const reply = await send(JSON.stringify({ query }), twice);
      expect(reply.status).toBe(400);
      expect(codeOf(reply)).toBe('BAD_USER_INPUT');
      expect((await send(JSON.stringify({ query }), twice.slice(0, 1))).status).toBe(200);
    },
  );

  it.each([
    ['content-type', 'text/plain'],
    ['host', 'elsewhere.example'],
  ])('is rejected when it has two %s headers', async (name, value) => {
    const reply = await send(JSON.stringify({ query: '{ __typename }' }), [[name, value]]);
    expect(reply.status).toBe(400);
  });

  it.each(['gzip', 'br', 'deflate', 'GZIP'])(
    'is rejected with 415 when its body is compressed with %s',
    async (encoding) => {
      const reply = await send(gzipSync(JSON.stringify({ query: '{ __typename }' })), [['content-encoding', encoding]]);
      expect(reply.status).toBe(415);
      expect(reply.headers).toMatchObject({ 'accept-encoding': 'identity' });
    },
  );

  it.each(['identity', ''])('is accepted with content-encoding: %j', async (encoding) => {
    const body = JSON.stringify({ query: '{ __typename }' });
    expect((await send(body, [['content-encoding', encoding]])).status).toBe(200);
  });

  it.each([
    ['is not UTF-8', (body: string) => Buffer.from(body.replace('text', 'caf\xe9'), 'latin1')],
    ['has half of a surrogate pair', (body: string) => body.replace('text', 'caf\\ud83d')],
    ['has a surrogate pair in the wrong order', (body: string) => body.replace('text', '\\ude00\\ud83d')],
  ])('is rejected and changes nothing when its text %s', async (_what, damage) => {
    const before = await tandem.database.post.count();
    const body = JSON.stringify({ query: CREATE, variables: { input: { title: 'text', body: '' } } });
    const reply = await send(damage(body), [['authorization', `Bearer ${token}`]]);
    expect(reply.status).toBe(400);
    expect(codeOf(reply)).toBe('BAD_USER_INPUT');
    expect(await tandem.database.post.count()).toBe(before);
  });

  it('returns the text that is stored, with escaped surrogate pairs', async () => {
    const body = JSON.stringify({ query: CREATE, variables: { input: { title: 'x TITLE', body: '' } } });
    const reply = await send(body.replace('TITLE', '\\ud83d\\ude00'), [['authorization', `Bearer ${token}`]]);
    const { id, title } = (JSON.parse(reply.body) as { data: { createPost: { post: { id: string; title: string } } } })
      .data.createPost.post;
    expect(title).toBe('x 😀');
    expect(await tandem.database.post.findUnique({ where: { id } })).toMatchObject({ title });
  });

  it.each([
    ['X-Forwarded-Proto', '%'],
    ['X-Forwarded-Proto', '1x'],
    ['X-Forwarded-Host', 'a b'],
  ])('is rejected when a trusted proxy passes on %s: %s', async (name, value) => {
    const proxied = await startTandem({ TRUSTED_PROXIES: '127.0.0.1' });
    const { status } = await proxied.send('{ __typename }', {}, { headers: { [name]: value } });
    expect(status).toBe(400);
    expect(proxied.log()).not.toContain('"level":"error"');
    await proxied.close();
  });

  it.each(['operationName', 'variables', 'extensions'])(
    'is accepted by GET with an empty parameter %s',
    async (name) => {
      const url = `${tandem.url}/graphql?query=${encodeURIComponent('{ __typename }')}&${name}=`;
      const reply = await fetch(url, { headers: { 'apollo-require-preflight': '1' } });
      expect({ status: reply.status, body: await reply.json() }).toEqual({
        status: 200,
        body: { data: { __typename: 'Query' } },
      });
    },
  );

  it('receives a 413 for a body of 5 MB every time', async () => {
    const body = JSON.stringify({ query: '{ __typename }', variables: { text: 'x'.repeat(5_000_000) } });
    for (let time = 0; time < 10; time++) expect((await send(body)).status).toBe(413);
  });

  it('learns that subscriptions are not supported', async () => {
    const reply = await tandem.send('subscription { posts { id } }');
    expect(reply.status).toBe(400);
    expect(reply.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
    expect(reply.errors?.[0]?.message).toContain('Subscriptions are not supported');
  });

  it.each([
    [
      'createPost',
      'a: createPost(input: { title: "1", body: "" }) { post { id } } b: createPost(input: { title: "2", body: "" }) { post { id } }',
    ],
    ['logout and createPost', 'logout { loggedOut } createPost(input: { title: "1", body: "" }) { post { id } }'],
    [
      'a fragment',
      'createPost(input: { title: "1", body: "" }) { post { id } } ... { deletePost(input: { id: "x" }) { deletedPostId } }',
    ],
  ])('with several mutations is rejected before any of them takes effect: %s', async (_what, selections) => {
    const before = await tandem.database.post.count();
    const reply = await tandem.send(`mutation { ${selections} }`, {}, { token });
    expect(reply.status).toBe(400);
    expect(reply.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
    expect(await tandem.database.post.count()).toBe(before);
    expect((await tandem.send(PROTECTED, {}, { token })).status).toBe(200);
  });
});
