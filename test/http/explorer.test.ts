import { parse } from 'graphql';
import { inlineHashes } from '../../src/http/inline-hashes.js';
import { sampleDocument } from '../../src/demo/sample-operations.js';
import { withTokenMemory, type TokenPlaces } from '../../src/http/explorer/token-memory.js';
import { panelWithToken } from '../../src/http/explorer/graphiql-tabs.js';
import { startTandem } from '../support/harness.js';

async function serve() {
  const tandem = await startTandem();
  async function get(path: string) {
    const response = await fetch(`${tandem.url}${path}`, { headers: { accept: 'text/html' } });
    const { status: statusCode, headers } = response;
    return { statusCode, headers: Object.fromEntries(headers), body: await response.text() };
  }
  return { get, stop: () => tandem.close() };
}

describe('the explorer page', () => {
  let server: Awaited<ReturnType<typeof serve>>;
  beforeAll(async () => {
    server = await serve();
  });
  afterAll(() => server.stop());

  it('contains Apollo Sandbox with the sample operations and the demo account', async () => {
    const { statusCode, headers, body } = await server.get('/graphql');

    expect(statusCode).toBe(200);
    expect(headers['content-type']).toMatch('text/html');
    expect(body).toContain('https://embeddable-sandbox.cdn.apollographql.com/_latest/');
    expect(body).toContain(JSON.stringify(sampleDocument).replaceAll('<', '\\u003c'));
    expect(body).toContain('correct horse battery staple');
    expect(body).toContain('/explorer/graphiql');
  });

  it('contains GraphiQL with the sample operations and loads nothing from other hosts', async () => {
    const { statusCode, headers, body } = await server.get('/explorer/graphiql');

    expect(statusCode).toBe(200);
    expect(body).toContain(JSON.stringify(sampleDocument).replaceAll('<', '\\u003c'));
    expect(body).not.toMatch(/<(script|link|img)[^>]+(src|href)="https?:/);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff' });
    expect(headers['content-security-policy']).not.toMatch('http');
  });

  it('allows only its own inline scripts', async () => {
    for (const path of ['/graphql', '/explorer/graphiql']) {
      const { headers, body } = await server.get(path);
      const inPage = /Security-Policy"\s+content="([^"]+)"/.exec(body)?.[1];
      const policy = inPage ?? headers['content-security-policy'];
      expect(policy).toContain(`${inlineHashes(body, 'script')};`);
      expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    }
  });

  it('has sample operations with distinct names', () => {
    const names = parse(sampleDocument).definitions.map((node) => 'name' in node && node.name?.value);
    expect(names).toEqual(['Login', 'Posts', 'Refresh']);
  });
});

describe('the headers panel', () => {
  it.each([
    ['', { Authorization: 'Bearer new' }],
    ['{"x-a":"1","authorization":"Bearer old"}', { 'x-a': '1', Authorization: 'Bearer new' }],
  ])('contains the auth token and the other headers: %s', (text, headers) => {
    expect(JSON.parse(panelWithToken(text, 'new'))).toEqual(headers);
  });

  it.each(['{"x-a":', '// mine\n{}'])('stays as it is if it is no JSON: %s', (text) => {
    expect(panelWithToken(text, 'new')).toBe(text);
  });
});

describe('the token memory', () => {
  function answering(...answers: object[]) {
    return answeringIn({}, ...answers);
  }

  function answeringIn(places: TokenPlaces, ...answers: object[]) {
    const sent: { authorization: string | null; body: unknown }[] = [];
    const remembering = withTokenMemory(async (_url, request) => {
      sent.push({ authorization: new Headers(request?.headers).get('authorization'), body: request?.body });
      return Response.json(answers.shift() ?? { data: null });
    }, places);
    return { sent, send: (request: RequestInit = {}) => remembering('/graphql', request) };
  }
  const pair = (n: number) => ({ authToken: `auth-${n}`, refreshToken: `refresh-${n}` });

  it('sends the auth token of the last response that contained one', async () => {
    const { sent, send } = answering(
      { data: { login: pair(1) } },
      { data: { posts: null } },
      { data: { again: pair(2) } },
    );
    for (let i = 0; i < 4; i++) await send();
    expect(sent.map((request) => request.authorization)).toEqual([
      null,
      'Bearer auth-1',
      'Bearer auth-1',
      'Bearer auth-2',
    ]);
  });

  it('keeps an Authorization header that the user typed', async () => {
    const { sent, send } = answering({ data: { login: pair(1) } });
    await send();
    await send({ headers: { Authorization: 'Bearer typed' } });
    expect(sent[1]?.authorization).toBe('Bearer typed');
  });

  it('replaces the placeholder of the auth token, or drops it before a login', async () => {
    const { sent, send } = answering({ data: { login: pair(1) } });
    for (let i = 0; i < 2; i++) await send({ headers: { Authorization: 'Bearer <authToken>' } });
    expect(sent.map((request) => request.authorization)).toEqual([null, 'Bearer auth-1']);
  });

  it('replaces an earlier token of the same session, and no token of another one', async () => {
    const token = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
    const current = token({ sid: 'one', gen: 2 });
    const { sent, send } = answering({ data: { refreshToken: { authToken: current } } });
    await send();
    for (const typed of [token({ sid: 'one', gen: 1 }), token({ sid: 'two', gen: 1 })])
      await send({ headers: { Authorization: `Bearer ${typed}` } });
    const [, ...later] = sent.map((request) => request.authorization);
    expect(later).toEqual([`Bearer ${current}`, `Bearer ${token({ sid: 'two', gen: 1 })}`]);
  });

  it('keeps the tokens of a verified address', async () => {
    const { sent, send } = answering({ data: { verifyEmail: { tokenPair: pair(1) } } });
    for (let i = 0; i < 2; i++) await send();
    expect(sent[1]?.authorization).toBe('Bearer auth-1');
  });

  it('shows the auth token when it arrives and when it is sent, but not for introspection', async () => {
    const shown: string[] = [];
    const { send } = answeringIn({ show: (token) => shown.push(token) }, { data: { login: pair(1) } });
    await send();
    expect(shown).toEqual(['auth-1']);
    await send({ body: '{"query":"query IntrospectionQuery { __schema { description } }"}' });
    expect(shown).toEqual(['auth-1']);
    await send();
    expect(shown).toEqual(['auth-1', 'auth-1']);
  });

  it('inserts the refresh token into a request with its placeholder', async () => {
    const { sent, send } = answering({ data: { login: pair(1) } });
    await send();
    await send({ body: '{"refreshToken":"<refreshToken>"}' });
    expect(sent[1]?.body).toBe('{"refreshToken":"refresh-1"}');
  });

  it('replaces the placeholder by nothing if refresh tokens are in cookies', async () => {
    const { sent, send } = answering({ data: { login: { ...pair(1), refreshToken: '' } } });
    await send();
    await send({ body: '{"refreshToken":"<refreshToken>"}' });
    expect(sent[1]?.body).toBe('{"refreshToken":""}');
  });

  it('returns a response that can still be read', async () => {
    const { send } = answering({ data: { login: pair(1) } });
    expect(await (await send()).json()).toEqual({ data: { login: pair(1) } });
  });
});
