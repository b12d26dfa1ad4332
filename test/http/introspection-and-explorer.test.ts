import { refusal, startTandem, type Tandem } from '../support/harness.js';
import { startProduction } from '../support/production.js';

const INTROSPECTION = [
  '{ __schema { types { name } } }',
  '{ a: __type(name: "Post") { name } }',
  '{ ...F } fragment F on Query { ... { __schema { queryType { name } } } }',
];
const MISSPELT: [string, object?][] = [
  ['{ post { id } }'],
  ['{ pots { totalCount } }'],
  ['mutation { logon(input: {}) { authToken } }'],
  ['{ posts(frist: 1) { totalCount } }'],
  ['{ ...F } fragment F on Qery { __typename }'],
  ['{ __typename @inclde(if: true) }'],
  ['query ($f: PostFilte) { posts(filter: $f) { totalCount } }'],
  ['query ($f: PostFilter) { posts(filter: $f) { totalCount } }', { f: { statu: 'DRAFT' } }],
  ['query ($f: PostFilter) { posts(filter: $f) { totalCount } }', { f: { status: 'DRAF' } }],
];
const PAGES = ['/graphql', '/graphql?query=', '/', '/explorer/graphiql', '/graphiql', '/playground'];

describe.each<[string, (environment?: Record<string, string>) => Promise<Tandem>, boolean]>([
  ['outside production', startTandem, true],
  ['in production', startProduction, false],
])('%s', (_where, start, isOnByDefault) => {
  let tandem: Tandem;
  afterEach(() => tandem.close());

  const settings = [
    [{}, isOnByDefault],
    [{ INTROSPECTION: 'on', EXPLORER: 'on' }, true],
    [{ INTROSPECTION: 'off', EXPLORER: 'off' }, false],
  ] as const;

  it.each(settings)('introspection with the settings %j: %s', async (environment, isOn) => {
    tandem = await start(environment);
    for (const token of [undefined, (await tandem.login()).authToken])
      for (const document of INTROSPECTION) {
        const reply = await tandem.send(document, {}, { token });
        if (isOn) expect(reply.status).toBe(200);
        else {
          const reason = 'INTROSPECTION_DISABLED';
          expect(refusal(reply)).toEqual({
            status: 400,
            code: 'GRAPHQL_VALIDATION_FAILED',
            reason,
            recovery: 'FIX_INPUT',
          });
          expect(reply.data).toBeUndefined();
          expect(reply.text).not.toMatch(/apollo/i);
        }
      }
  });

  it.each(settings)('suggestions of names with the settings %j: %s', async (environment, isOn) => {
    tandem = await start(environment);
    const texts = [];
    for (const token of [undefined, (await tandem.login()).authToken])
      for (const [document, variables] of MISSPELT) {
        const { status, text } = await tandem.send(document, variables, { token });
        expect(status).toBeGreaterThanOrEqual(400);
        expect(text).not.toMatch(/node_modules|"stack|\bat \w+ \(/);
        texts.push(text);
      }
    expect(texts.some((text) => /did you mean/i.test(text))).toBe(isOn);
  });

  it.each(settings)('explorer pages with the settings %j: %s', async (environment, isOn) => {
    tandem = await start(environment);
    for (const path of PAGES) {
      const response = await fetch(`${tandem.url}${path}`, { headers: { accept: 'text/html' } });
      const isPage = isOn && ['/', '/graphql', '/explorer/graphiql'].includes(path);
      const type = response.headers.get('content-type');
      await response.arrayBuffer();
      if (isPage) expect([response.status, type]).toEqual([200, expect.stringContaining('text/html')]);
      else if (path !== '/graphql?query=') {
        expect(response.status).toBeGreaterThanOrEqual(400);
        expect(type).toBe('application/json; charset=utf-8');
      }
    }
  });
});
