import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { PASSWORD, startTandem, type Tandem } from '../support/harness.js';

const FOLDER = 'docs/bruno';
const NAMES = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.bru') && file !== 'collection.bru')
  .map((file) => basename(file, '.bru'));
const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));

/** The text of a block of a file in Bruno's format, without its indentation. */
function block(file: string, name: string): string {
  const [, text = ''] = new RegExp(`^${name} \\{\\n([\\s\\S]*?)\\n\\}$`, 'm').exec(file) ?? [];
  return text.replaceAll(/^ {2}/gm, '');
}
const request = (name: string) => readFileSync(`${FOLDER}/${name}.bru`, 'utf8');

interface Message {
  url: string;
  headers: Record<string, string>;
  data: unknown;
}

type Script = (bru: object, req: object, res?: object) => Promise<void>;

/** What Bruno does for one request after another: scripts, variables, and the request between them. */
function bruno(environment: Record<string, string>) {
  const module: { exports: { beforeRequest?: Script; afterResponse?: Script } } = { exports: {} };
  new Function('module', readFileSync(`${FOLDER}/tokens.js`, 'utf8'))(module);
  const variables = new Map<string, string>();
  const statuses: number[] = [];

  async function post({ url, headers, data }: Message) {
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(data) });
    statuses.push(response.status);
    return { status: response.status, data: await response.json() };
  }
  const bru = {
    getVar: (name: string) => variables.get(name),
    setVar: (name: string, value: string) => void variables.set(name, value),
    deleteVar: (name: string) => void variables.delete(name),
    getEnvVar: (name: string) => environment[name],
    async sendRequest(message: Message) {
      const response = await post(message);
      if (response.status >= 400) throw Object.assign(new Error(`status ${response.status}`), { response });
      return response;
    },
  };
  const filled = (text: string) =>
    text.replaceAll(/\{\{(\w+)\}\}/g, (_match, name: string) => variables.get(name) ?? environment[name] ?? '');

  return {
    variables,
    statuses,
    async send(name: string) {
      const req = {
        getName: () => name,
        getUrl: () => message.url,
        getHeaders: () => message.headers,
        getBody: () => message.data,
      };
      await module.exports.beforeRequest?.(bru, req);
      const headers: Record<string, string> = { 'content-type': 'application/json' };
      if (block(request(name), 'post').includes('auth: inherit'))
        headers['Authorization'] = filled('Bearer {{authToken}}');
      const query = block(request(name), 'body:graphql');
      const sent = JSON.parse(filled(block(request(name), 'body:graphql:vars')) || '{}');
      const message = { url: filled('{{url}}'), headers, data: { query, variables: sent } };
      let { data: body } = await post(message);
      const res = { getBody: () => body, setBody: (next: object) => (body = next) };
      await module.exports.afterResponse?.(bru, req, res);
      return body;
    },
  };
}

describe('the Bruno collection', () => {
  let tandem: Tandem;
  beforeAll(async () => {
    tandem = await startTandem({ AUTH_TOKEN_TTL_SECONDS: '2' });
    await tandem.person('ada');
  });
  afterAll(() => tandem.close());

  const open = (password = PASSWORD) => bruno({ url: `${tandem.url}/graphql`, email: 'ada@example.com', password });

  it.each(NAMES)('has a valid operation: %s', (name) => {
    expect(validate(schema, parse(block(request(name), 'body:graphql')))).toEqual([]);
  });

  it('logs in before the first request that needs a token', async () => {
    const collection = open();
    expect(await collection.send('Posts')).toMatchObject({ data: { posts: { nodes: expect.any(Array) } } });
    expect(collection.statuses).toEqual([200, 200]);
  });

  it.each(NAMES.filter((name) => name !== 'Login'))('succeeds after the auth token has expired: %s', async (name) => {
    const collection = open();
    await collection.send('Login');
    tandem.clock.advance(3);
    expect((await collection.send(name)).errors).toBeUndefined();
  });

  it('refreshes once if a request is rejected because the auth token has expired, and sends it again', async () => {
    const collection = open();
    await collection.send('Login');
    const before = collection.variables.get('authToken');
    tandem.clock.advance(3);
    expect((await collection.send('Sessions')).errors).toBeUndefined();
    expect(collection.statuses).toEqual([200, 401, 200, 200]);
    expect(collection.variables.get('authToken')).not.toBe(before);
  });

  it.each([0, 3])('logs in again if its session was revoked %s seconds ago', async (seconds) => {
    const collection = open();
    await collection.send('Login');
    await tandem.send('mutation ($token: String) { logout(input: { refreshToken: $token }) { loggedOut } }', {
      token: collection.variables.get('refreshToken'),
    });
    tandem.clock.advance(seconds);
    expect(await collection.send('Posts')).toMatchObject({ data: { posts: { nodes: expect.any(Array) } } });
  });

  it('tries a wrong password once', async () => {
    const collection = open('wrong');
    await expect(collection.send('Posts')).rejects.toThrow();
    expect(collection.statuses).toEqual([400]);
  });

  it('forgets the tokens when it logs out', async () => {
    const collection = open();
    await collection.send('Login');
    await collection.send('Logout');
    expect([...collection.variables]).toEqual([]);
  });
});
