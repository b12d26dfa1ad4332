import { parse } from 'graphql';
import { inlineHashes } from '../../src/http/inline-hashes.js';
import { sampleDocument } from '../../src/demo/sample-operations.js';
import { withTokenMemory } from '../../src/http/explorer/token-memory.js';
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
    expect(body).toContain(JSON.stringify(sampleDocument));
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

describe('the token memory', () => {
  function answering(...answers: object[]) {
    const sent: { authorization: string | null; body: unknown }[] = [];
    const remembering = withTokenMemory(async (_url, request) => {
      sent.push({ authorization: new Headers(request?.headers).get('authorization'), body: request?.body });
      return Response.json(answers.shift() ?? { data: null });
    });
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
