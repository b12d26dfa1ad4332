import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COOKIE_MODE, cookieBrowser, FRONT_END, type CookieBrowser } from '../support/cookie-browser.js';
import { LOGIN, PASSWORD, PROTECTED, REFRESH, startTandem, type Tandem } from '../support/harness.js';
import { rawRequest, sendRaw } from '../support/raw-http.js';
import { makeScratch } from '../support/scratch.js';

describe('the cookies of a request', () => {
  let tandem: Tandem;
  let browser: CookieBrowser;
  let sessionId: string;
  beforeAll(async () => (tandem = await startTandem(COOKIE_MODE)));
  beforeEach(async () => {
    const { email } = await tandem.person();
    browser = cookieBrowser(tandem);
    const reply = await browser.send(LOGIN, { input: { email, password: PASSWORD } });
    sessionId = reply.data.login.session.id;
  });
  afterAll(() => tandem.close());

  const nameOf = (generation: number, id = sessionId) => `__Host-tandem-${id.replaceAll('-', '')}-${generation}`;
  const authentic = () => [...browser.jar][0] as [string, string];
  const damaged = (token: string) => `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
  /** A token of this session that has the form of a genuine one, but not its MAC. */
  const forgedCookie = (generation: number) => {
    const parts = Buffer.alloc(54);
    parts.write(sessionId.replaceAll('-', ''), 'hex');
    parts.writeUIntBE(generation, 16, 6);
    return `${nameOf(generation)}=tandem_rt_${parts.toString('base64url')}`;
  };
  const refreshWith = (cookie: string, headers: Record<string, string> = {}) =>
    browser.send(REFRESH, { input: {} }, { headers: { cookie, ...headers } });
  /** The generation of the cookie that the server sets; undefined if it sets none. */
  const generationSet = (cookies: string[]) =>
    cookies.find((cookie) => !cookie.includes('Max-Age=0'))?.match(/-(\d+)=/)?.[1];

  it.each<[string, (name: string, token: string) => string]>([
    ['after a damaged one of the same name', (name, token) => `${name}=${damaged(token)}; ${name}=${token}`],
    ['before a damaged one of the same name', (name, token) => `${name}=${token}; ${name}=${damaged(token)}`],
    ['besides an empty one', (name, token) => `${name}=; ${name}=${token}`],
    ['besides a forged one of a newer generation', (name, token) => `${forgedCookie(9)}; ${name}=${token}`],
    ['besides its own value under a newer generation', (name, token) => `${nameOf(9)}=${token}; ${name}=${token}`],
    [
      'besides a forged one of a newer session',
      (name, token) => `${nameOf(1, 'ffffffff-ffff-7fff-bfff-ffffffffffff')}=${token}; ${name}=${token}`,
    ],
    [
      'besides 100 forged ones of newer generations',
      (name, token) => `${[...Array(100).keys()].map((at) => forgedCookie(at + 2)).join('; ')}; ${name}=${token}`,
    ],
    ['without spaces between cookies', (name, token) => `theme=dark;${name}=${token};x`],
    ['besides cookies of other programs', (name, token) => `__Host-tandem=1; a=b=c; =; ${name}=${token}; ${name}-x=1`],
  ])('contain the authentic one %s', async (_, header) => {
    const [name, token] = authentic();
    const reply = await refreshWith(header(name, token));
    expect(reply.status).toBe(200);
    expect(generationSet(reply.headers.getSetCookie())).toBe('2');
  });

  it.each<[string, (name: string, token: string) => string]>([
    ['with a changed MAC', (name, token) => `${name}=${damaged(token)}`],
    ['in quotes', (name, token) => `${name}="${token}"`],
    ['percent-encoded', (name, token) => `${name}=${token.replace('_', '%5F')}`],
    ['under a lower-case prefix', (name, token) => `${name.replace('__Host', '__host')}=${token}`],
    ['without the prefix', (name, token) => `${name.replace('__Host-', '')}=${token}`],
    ['under another generation', (_name, token) => `${nameOf(2)}=${token}`],
    ['under another session', (_name, token) => `${nameOf(1, '0198c000-0000-7000-8000-000000000000')}=${token}`],
    ['under a generation with a leading zero', (_name, token) => `${nameOf(1).replace(/1$/, '01')}=${token}`],
  ])('do not count %s', async (_, header) => {
    const [name, token] = authentic();
    const reply = await refreshWith(header(name, token));
    expect(reply.errors?.[0]?.extensions).toMatchObject({ reason: 'REFRESH_TOKEN_UNKNOWN', recovery: 'LOG_IN' });
    expect(generationSet(reply.headers.getSetCookie())).toBeUndefined();
    expect((await refreshWith(`${name}=${token}`)).status).toBe(200); // nothing was revoked
  });

  it('are not expired by a forged one of the generation that comes next', async () => {
    const [name, token] = authentic();
    const forgedOfNext = `${forgedCookie(2)}; ${name}=${token}`;
    const late = await browser.request(REFRESH, { input: {} }, { headers: { cookie: forgedOfNext } });
    const failed = await browser.request(REFRESH, { input: {} }, { headers: { cookie: forgedCookie(2) } });
    expect([late.status, failed.status]).toEqual([200, 400]);
    for (const { headers } of [late, failed]) {
      expect(headers.getSetCookie().filter((cookie) => cookie.startsWith(`${nameOf(2)}=;`))).toEqual([]);
    }
  });

  it('of another person do not count besides those of a later login', async () => {
    const other = cookieBrowser(tandem);
    const { email } = await tandem.person();
    const { session } = (await other.send(LOGIN, { input: { email, password: PASSWORD } })).data.login;
    const [[name, token], [otherName, otherToken]] = [authentic(), [...other.jar][0] as [string, string]];
    const reply = await refreshWith(`${name}=${token}; ${otherName}=${otherToken}`);
    expect(reply.data.refreshToken.session.id).toBe(session.id);
  });

  it('can come in several Cookie headers of any case', async () => {
    const [name, token] = authentic();
    const body = JSON.stringify({ query: REFRESH, variables: { input: {} } });
    const headers = {
      'CONTENT-TYPE': 'application/json',
      ORIGIN: FRONT_END,
      COOKIE: 'a=b',
      cookie: `${name}=${token}`,
    };
    const reply = await sendRaw(tandem.url, rawRequest('POST', '/graphql', headers, body));
    expect(reply.status).toBe(200);
  });

  it('bound the number of cookies that a response expires', async () => {
    const [name, token] = authentic();
    const many = [...Array(100).keys()].map((at) => `${nameOf(1, `0000${at + 1000}-0000-7000-8000-000000000000`)}=x`);
    const reply = await refreshWith([...many, `${name}=${token}`].join('; '));
    expect(reply.status).toBe(200);
    expect(reply.headers.getSetCookie().length).toBeLessThanOrEqual(17);
  });
});

describe('a mutation that reads or sets the cookie', () => {
  let tandem: Tandem;
  let email: string;
  beforeAll(async () => {
    tandem = await startTandem({ ...COOKIE_MODE, PUBLIC_URL: 'https://api.example.com/base' });
    ({ email } = await tandem.person());
  });
  afterAll(() => tandem.close());

  const logIn = (headers: Record<string, string>, query = LOGIN) =>
    tandem.send(query, { input: { email, password: PASSWORD } }, { headers });
  const sessions = () => tandem.database.session.count();

  it.each<[string, Record<string, string>]>([
    ['the origin of PUBLIC_URL', { origin: 'https://api.example.com', 'sec-fetch-site': 'same-origin' }],
    ['an origin of CORS_ORIGINS', { origin: FRONT_END, 'sec-fetch-site': 'same-site' }],
    ['an origin of CORS_ORIGINS from a browser without Sec-Fetch-Site', { origin: FRONT_END }],
  ])('is accepted from %s', async (_, headers) => {
    expect((await logIn(headers)).headers.getSetCookie()).toHaveLength(1);
  });

  it.each<[string, Record<string, string>]>([
    ['no origin', {}],
    ['no origin, although the browser says same-origin', { 'sec-fetch-site': 'same-origin' }],
    ['the null origin', { origin: 'null' }],
    ['an empty origin', { origin: '' }],
    ['another origin', { origin: 'https://evil.example' }],
    ['a sub-domain', { origin: 'https://x.app.example.com' }],
    ['a name that ends alike', { origin: 'https://evilapp.example.com' }],
    ['a name that begins alike', { origin: `${FRONT_END}.evil.example` }],
    ['user information', { origin: `${FRONT_END}@evil.example` }],
    ['another scheme', { origin: FRONT_END.replace('https', 'http') }],
    ['a port', { origin: `${FRONT_END}:443` }],
    ['a path', { origin: `${FRONT_END}/` }],
    ['upper case', { origin: FRONT_END.toUpperCase() }],
    ['a list', { origin: `${FRONT_END}, https://evil.example` }],
    ['a trailing dot', { origin: `${FRONT_END}.` }],
    ['the path of PUBLIC_URL', { origin: 'https://api.example.com/base' }],
    ['another site, with an allowed origin', { origin: FRONT_END, 'sec-fetch-site': 'cross-site' }],
    ['no page, with an allowed origin', { origin: FRONT_END, 'sec-fetch-site': 'none' }],
    ['an unknown Sec-Fetch-Site', { origin: FRONT_END, 'sec-fetch-site': 'Same-Site' }],
    ['a Referer instead of an Origin', { referer: `${FRONT_END}/` }],
  ])('has no effect from %s', async (_, headers) => {
    const before = await sessions();
    const reply = await logIn(headers);
    expect(reply).toMatchObject({ status: 403, errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    expect(reply.errors?.[0]?.extensions['reason']).toBe('ORIGIN_NOT_ALLOWED');
    expect(reply.headers.getSetCookie()).toEqual([]);
    expect(await sessions()).toBe(before);
  });

  it.each([
    ['an alias', 'mutation ($input: LoginInput!) { refresh: login(input: $input) { tokenType } }'],
    [
      'a fragment',
      'mutation ($input: LoginInput!) { ...F } fragment F on Mutation { login(input: $input) { tokenType } }',
    ],
    ['an inline fragment', 'mutation ($input: LoginInput!) { ... on Mutation { login(input: $input) { tokenType } } }'],
    ['@include', 'mutation ($input: LoginInput!) { login(input: $input) @include(if: true) { tokenType } }'],
  ])('is checked through %s', async (_, query) => {
    expect((await logIn({}, query)).status).toBe(403);
  });

  it('is checked by the operation that is executed, not by the document', async () => {
    const query = `query Status { tokenStatus { state } } ${LOGIN}`;
    const send = (operationName: string) =>
      fetch(`${tandem.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, operationName, variables: { input: { email, password: PASSWORD } } }),
      });
    expect((await send('Status')).status).toBe(200);
    expect((await send('Login')).status).toBe(403);
  });

  it('is checked if the document is sent by its ID', async () => {
    const scratch = makeScratch();
    const TRUSTED_DOCUMENTS_FILE = join(scratch.path, 'documents.json');
    writeFileSync(TRUSTED_DOCUMENTS_FILE, JSON.stringify({ 'login-1': LOGIN }));
    const strict = await startTandem({ ...COOKIE_MODE, TRUSTED_DOCUMENTS: 'strict', TRUSTED_DOCUMENTS_FILE });
    const person = await strict.person();
    const statuses = [];
    const type = { 'content-type': 'application/json' };
    for (const headers of [type, { ...type, origin: FRONT_END }]) {
      const variables = { input: { email: person.email, password: PASSWORD } };
      const body = JSON.stringify({ documentId: 'login-1', variables });
      statuses.push((await fetch(`${strict.url}/graphql`, { method: 'POST', headers, body })).status);
    }
    expect(statuses).toEqual([403, 200]);
    await strict.close();
    scratch.remove();
  });

  it.each([
    ['login', 'login(input: { email: "a@b.example", password: "x" }) { tokenType }'],
    ['refreshToken', 'refreshToken(input: {}) { tokenType }'],
    ['logout', 'logout { loggedOut }'],
    ['verifyEmail', 'verifyEmail(input: { token: "x" }) { verified }'],
    ['changePassword', 'changePassword(input: { currentPassword: "x", newPassword: "y" }) { tokenType }'],
    ['reauthenticate', 'reauthenticate(input: { password: "x" }) { tokenType }'],
  ])('is %s', async (_, selection) => {
    const login = await logIn({ origin: FRONT_END });
    const reply = await tandem.send(`mutation { ${selection} }`, {}, { token: login.data.login.authToken });
    expect(reply.status).toBe(403);
  });

  it.each(['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain'])(
    'is not accepted as %s, which forms of other sites can send',
    async (type) => {
      const body = JSON.stringify({ query: LOGIN, variables: { input: { email, password: PASSWORD } } });
      const headers = { 'content-type': type, origin: FRONT_END };
      const response = await fetch(`${tandem.url}/graphql`, { method: 'POST', headers, body });
      expect(response.status).toBe(415);
      expect(response.headers.getSetCookie()).toEqual([]);
    },
  );

  it('is not accepted as GET', async () => {
    const query = encodeURIComponent(
      `mutation { login(input: { email: "${email}", password: "${PASSWORD}" }) { tokenType } }`,
    );
    const headers = { 'content-type': 'application/json', origin: FRONT_END };
    const response = await fetch(`${tandem.url}/graphql?query=${query}`, { headers });
    expect(response.status).toBe(405);
    expect(response.headers.getSetCookie()).toEqual([]);
  });
});

describe('other operations', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem(COOKIE_MODE)));
  afterAll(() => tandem.close());

  it('need no origin, because the auth token is no cookie', async () => {
    const { email } = await tandem.person();
    const reply = await cookieBrowser(tandem).send(LOGIN, { input: { email, password: PASSWORD } });
    const token = reply.data.login.authToken;
    expect((await tandem.send(PROTECTED, {}, { token })).status).toBe(200);
    const create = 'mutation { createPost(input: { title: "T", headline: "H", content: "C" }) { post { id } } }';
    expect((await tandem.send(create, {}, { token })).status).not.toBe(403);
  });
});

describe('CORS', () => {
  const preflight = async (url: string, origin: string) => {
    const headers = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    };
    const response = await fetch(`${url}/graphql`, { method: 'OPTIONS', headers });
    const { headers: received } = response;
    return [received.get('access-control-allow-origin'), received.get('access-control-allow-credentials')];
  };

  it('allows credentials to the listed origins alone, in cookie mode', async () => {
    const tandem = await startTandem(COOKIE_MODE);
    expect(await preflight(tandem.url, FRONT_END)).toEqual([FRONT_END, 'true']);
    for (const origin of ['https://evil.example', 'null', 'http://localhost:5173', 'http://127.0.0.1:1']) {
      const [allowed] = await preflight(tandem.url, origin);
      expect(allowed).toBeNull();
    }
    const { headers } = await tandem.send('{ __typename }', {}, { headers: { origin: FRONT_END } });
    expect(headers.get('vary')).toMatch(/\borigin\b/i);
    await tandem.close();
  });

  it('never allows credentials in body mode', async () => {
    const tandem = await startTandem({ CORS_ORIGINS: FRONT_END });
    expect(await preflight(tandem.url, FRONT_END)).toEqual([FRONT_END, null]);
    expect(await preflight(tandem.url, 'http://localhost:5173')).toEqual(['http://localhost:5173', null]);
    await tandem.close();
  });
});
