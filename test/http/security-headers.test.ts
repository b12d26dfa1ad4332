import { SECURITY_HEADERS } from '../../src/http/security-headers.js';
import { LOGIN, PASSWORD, PRODUCTION, PROTECTED, startTandem, type Tandem } from '../support/harness.js';
import { rawRequest, sendRaw } from '../support/raw-http.js';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const GRAPHQL_TYPE = 'application/graphql-response+json; charset=utf-8';

describe('every response', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem()));
  afterAll(() => tandem.close());

  const query = (text: string) => JSON.stringify({ query: text });
  const graphql = (body: string, headers = {}) => rawRequest('POST', '/graphql', { ...JSON_TYPE, ...headers }, body);

  it.each<[string, () => string]>([
    ['data', () => graphql(query('{ tokenStatus { state } }'))],
    ['a 401', () => graphql(query(PROTECTED))],
    ['a validation error', () => graphql(query('{ nope }'))],
    ['broken JSON', () => graphql('{')],
    ['a 404', () => rawRequest('GET', '/nope', {})],
    ['a 405', () => rawRequest('DELETE', '/graphql', {})],
    ['a 413', () => graphql(' '.repeat(2_000_000))],
    ['a 415', () => rawRequest('POST', '/graphql', { 'Content-Type': 'text/plain' }, 'x')],
    ['a 431', () => rawRequest('GET', '/graphql', { 'X-Long': 'x'.repeat(20_000) })],
    ['bytes that are not HTTP', () => 'nonsense\r\n\r\n'],
    ['a URL that cannot be decoded', () => rawRequest('GET', '/%', {})],
    ['an OPTIONS request', () => rawRequest('OPTIONS', '/graphql', {})],
    ['a preflight request', () => rawRequest('OPTIONS', '/graphql', preflight('http://localhost:5173'))],
    ['health', () => rawRequest('GET', '/healthz', {})],
    ['the public keys', () => rawRequest('GET', '/.well-known/jwks.json', {})],
  ])('has the security headers: %s', async (_what, request) => {
    const { headers } = await sendRaw(tandem.url, request());
    expect(Object.fromEntries(headers)).toMatchObject(SECURITY_HEADERS);
    expect(headers.has('x-powered-by')).toBe(false);
  });

  it.each(['/graphql', '/explorer/graphiql'])('forbids frames and hides its address: the page %s', async (path) => {
    const { headers } = await sendRaw(tandem.url, rawRequest('GET', path, { Accept: 'text/html' }));
    const { 'content-security-policy': _policy, ...others } = SECURITY_HEADERS;
    expect(Object.fromEntries(headers)).toMatchObject(others);
    expect(headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'/);
  });

  it('is not cached if it can contain a token', async () => {
    const { email } = await tandem.person();
    const login = JSON.stringify({ query: LOGIN, variables: { input: { email, password: PASSWORD } } });
    for (const request of [
      graphql(login),
      graphql(query('{ nope }')),
      graphql('{'),
      rawRequest('PUT', '/graphql', {}),
    ]) {
      expect((await sendRaw(tandem.url, request)).headers.get('cache-control')).toBe('no-store');
    }
  });

  it.each<[string, number, () => string]>([
    ['early rejection', 401, () => graphql(query(PROTECTED), { Accept: GRAPHQL_TYPE })],
    ['validation', 400, () => graphql(query('{ nope }'), { Accept: GRAPHQL_TYPE })],
    ['the body parser', 400, () => graphql('{', { Accept: GRAPHQL_TYPE })],
    ['the limit of the body', 413, () => graphql(' '.repeat(2_000_000), { Accept: GRAPHQL_TYPE })],
    ['the method', 405, () => rawRequest('PUT', '/graphql', { Accept: GRAPHQL_TYPE })],
    ['the content type', 415, () => rawRequest('POST', '/graphql', { Accept: `${GRAPHQL_TYPE}, */*;q=0.1` }, 'x')],
  ])('has the media type that the client accepts if it is an error of %s', async (_what, status, request) => {
    for (let round = 0; round < 2; round += 1) {
      const reply = await sendRaw(tandem.url, request());
      expect(reply.status).toBe(status);
      expect(reply.headers.get('content-type')).toBe(GRAPHQL_TYPE);
    }
  });

  it.each([undefined, '*/*', 'application/json', 'application/json, application/graphql-response+json;q=0.5'])(
    'is application/json if it is an error and Accept is %s',
    async (accept) => {
      const reply = await sendRaw(tandem.url, graphql('{', accept === undefined ? {} : { Accept: accept }));
      expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
    },
  );
});

describe('a browser on another origin', () => {
  const SITE = 'https://app.example.com';

  async function allowed(tandem: Tandem, origin: string): Promise<string | null> {
    const { headers } = await sendRaw(tandem.url, rawRequest('OPTIONS', '/graphql', preflight(origin)));
    return headers.get('access-control-allow-origin');
  }

  it('may read responses if CORS_ORIGINS has it, and remembers that for two hours', async () => {
    const tandem = await startTandem({ CORS_ORIGINS: SITE });
    const { headers } = await sendRaw(tandem.url, rawRequest('OPTIONS', '/graphql', preflight(SITE)));
    expect(headers.get('access-control-allow-origin')).toBe(SITE);
    expect(headers.get('access-control-max-age')).toBe('7200');
    expect(headers.get('vary')).toMatch(/origin/i);
    expect(await allowed(tandem, 'https://evil.example')).toBeNull();
    expect(await allowed(tandem, `${SITE}.evil.example`)).toBeNull();
    await tandem.close();
  });

  it.each(['http://localhost:5173', 'https://localhost', 'http://127.0.0.1:3000', 'http://[::1]:8080'])(
    'may read responses outside production if it is %s',
    async (origin) => {
      const development = await startTandem();
      const ring = { KEY_RING_FILE: development.keyRingPath };
      const production = await startTandem({ ...PRODUCTION, ...ring, CORS_ORIGINS: SITE });
      expect(await allowed(development, origin)).toBe(origin);
      expect(await allowed(production, origin)).toBeNull();
      await Promise.all([development.close(), production.close()]);
    },
  );

  it.each([
    'http://localhost.evil.example',
    'http://localhost:5173.evil.example',
    'http://evil.example/localhost',
    'null',
  ])('may not read responses if it only looks like this machine: %s', async (origin) => {
    const tandem = await startTandem();
    expect(await allowed(tandem, origin)).toBeNull();
    await tandem.close();
  });

  it('is logged once if it is rejected, and at most twenty origins an hour', async () => {
    const tandem = await startTandem({ CORS_ORIGINS: SITE });
    const ask = (origin: string) => fetch(`${tandem.url}/healthz`, { headers: { origin } });
    for (const origin of [tandem.url, SITE, 'https://evil.example', 'https://evil.example']) await ask(origin);
    const rejected = () =>
      tandem
        .log()
        .split('\n')
        .filter((line) => line.includes('cors.rejected'));
    expect(rejected().map((line) => JSON.parse(line).origin)).toEqual(['https://evil.example']);
    for (let index = 0; index < 40; index += 1) await ask(`https://evil-${index}.example`);
    expect(rejected()).toHaveLength(20);
    await tandem.close();
  });
});

function preflight(origin: string) {
  return {
    Origin: origin,
    'Access-Control-Request-Method': 'POST',
    'Access-Control-Request-Headers': 'content-type',
  };
}
