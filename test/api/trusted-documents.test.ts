import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../src/config.js';
import { LOGIN, PROTECTED, startTandem, type Tandem } from '../support/harness.js';
import { makeScratch, type Scratch } from '../support/scratch.js';
import { until } from '../support/until.js';

const PUBLIC = 'query Public { __typename }';
const UNKNOWN = 'query Unknown { __typename }';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const operation = (id: string, body: string) => ({ id, body, name: 'N', type: 'query' });
const apolloManifest = (operations: object[]) => ({
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations,
});

let scratch: Scratch;
let file: string;
let tandem: Tandem;
beforeEach(() => {
  scratch = makeScratch();
  file = join(scratch.path, 'documents.json');
});
afterEach(async () => {
  await (tandem as Tandem | undefined)?.close();
  scratch.remove();
});

const write = (manifest: unknown) => writeFileSync(file, JSON.stringify(manifest));
async function start(mode: string, manifest: unknown = { public: PUBLIC, protected: PROTECTED }): Promise<void> {
  write(manifest);
  tandem = await startTandem({ TRUSTED_DOCUMENTS: mode, TRUSTED_DOCUMENTS_FILE: file });
}

const JSON_TYPE = { 'content-type': 'application/json' };
const post = async (body: object) =>
  read(await fetch(`${tandem.url}/graphql`, { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body) }));
const get = async (parameters: Record<string, string>, headers: Record<string, string> = JSON_TYPE) =>
  read(await fetch(`${tandem.url}/graphql?${new URLSearchParams(parameters)}`, { headers }));

async function read(response: Response) {
  const { data, errors } = (await response.json()) as {
    data?: unknown;
    errors?: { extensions: Record<string, unknown> }[];
  };
  const { code, reason, recovery } = errors?.[0]?.extensions ?? {};
  return errors ? { status: response.status, code, reason, recovery } : { status: response.status, data };
}

const persistedQuery = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } });
const SERVED = { status: 200, data: { __typename: 'Query' } };
const NOT_TRUSTED = { status: 400, code: 'BAD_USER_INPUT', reason: 'DOCUMENT_NOT_TRUSTED', recovery: 'FIX_INPUT' };
const NOT_FOUND = { status: 400, code: 'PERSISTED_QUERY_NOT_FOUND', reason: null, recovery: 'FIX_INPUT' };
const MISMATCH = { status: 400, code: 'BAD_USER_INPUT', reason: null, recovery: 'FIX_INPUT' };

describe('a manifest of trusted documents', () => {
  it.each([
    ['Apollo', apolloManifest([operation('the-id', PUBLIC)])],
    ['GraphQL Code Generator and Relay', { 'the-id': PUBLIC }],
  ])(
    'of %s serves its IDs and the hashes of its documents by both protocols, in POST and GET',
    async (_tool, manifest) => {
      await start('strict', manifest);
      for (const id of ['the-id', `sha256:${sha256(PUBLIC)}`]) {
        expect(await post({ documentId: id })).toEqual(SERVED);
        expect(await get({ documentId: id })).toEqual(SERVED);
      }
      for (const id of ['the-id', sha256(PUBLIC)]) {
        expect(await post({ extensions: persistedQuery(id) })).toEqual(SERVED);
        expect(await get({ extensions: JSON.stringify(persistedQuery(id)) })).toEqual(SERVED);
      }
    },
  );

  it('is reloaded when it changes, and kept when the change is not usable', async () => {
    await start('strict', { old: PUBLIC });
    writeFileSync(file, '{ "old": ');
    await until(() => tandem.log().includes('trusted_documents.refused'));
    expect(await post({ documentId: 'old' })).toEqual(SERVED);
    rmSync(file);
    await until(() => tandem.log().split('trusted_documents.refused').length > 2);
    expect(await post({ documentId: 'old' })).toEqual(SERVED);
    write({ new: PUBLIC });
    await until(() => tandem.log().includes('trusted_documents.changed'));
    expect(await post({ documentId: 'new' })).toEqual(SERVED);
    expect(await post({ documentId: 'old' })).toEqual(NOT_TRUSTED);
  });

  it.each([
    ['is missing', undefined],
    ['is not JSON', '{'],
    ['has texts that are not strings', '{ "a": 1 }'],
    ['has another format', '{ "format": "other" }'],
    ['repeats an ID', JSON.stringify(apolloManifest([operation('a', PUBLIC), operation('a', UNKNOWN)]))],
    ['has a false hash', JSON.stringify({ [`sha256:${sha256(UNKNOWN)}`]: PUBLIC })],
  ])('stops the start with the name of the setting if it %s', async (_what, content) => {
    if (content !== undefined) writeFileSync(file, content);
    const starting = startTandem({ TRUSTED_DOCUMENTS: 'log', TRUSTED_DOCUMENTS_FILE: file });
    await expect(starting).rejects.toThrow(/TRUSTED_DOCUMENTS_FILE/);
  });

  it.each(['log', 'strict'])('must be set in mode %s', (mode) => {
    expect(() => loadConfig({ NODE_ENV: 'test', TRUSTED_DOCUMENTS: mode })).toThrow(
      /TRUSTED_DOCUMENTS_FILE must be set/,
    );
  });
});

describe('strict mode', () => {
  beforeEach(() => start('strict'));

  it('serves the exact text of a trusted document', async () => {
    expect(await post({ query: PUBLIC })).toEqual(SERVED);
    expect(await get({ query: PUBLIC })).toEqual(SERVED);
  });

  it.each([
    ['another text', UNKNOWN],
    ['a text with one more space', `${PUBLIC} `],
    ['a text that the parser would reject', '{'],
    ['introspection', '{ __schema { queryType { name } } }'],
  ])('rejects %s before parsing', async (_what, query) => {
    expect(await post({ query })).toEqual(NOT_TRUSTED);
    expect(await get({ query })).toEqual(NOT_TRUSTED);
    expect(await post({ query, documentId: 'public' })).toEqual(NOT_TRUSTED);
    expect(await post({ query, documentId: `sha256:${sha256(query)}` })).toEqual(NOT_TRUSTED);
    expect(await post({ query, extensions: persistedQuery(sha256(query)) })).toEqual(NOT_TRUSTED);
  });

  it('rejects unknown IDs with the error of their protocol', async () => {
    expect(await post({ documentId: 'x' })).toEqual(NOT_TRUSTED);
    expect(await get({ documentId: 'x' })).toEqual(NOT_TRUSTED);
    expect(await post({ extensions: persistedQuery('x') })).toEqual(NOT_FOUND);
    expect(await get({ extensions: JSON.stringify(persistedQuery('x')) })).toEqual(NOT_FOUND);
  });

  it('tells a client with an unknown hash to send a document that is trusted', async () => {
    const extensions = JSON.stringify(persistedQuery('x'));
    const url = `${tandem.url}/graphql?${new URLSearchParams({ extensions })}`;
    const text = await (await fetch(url, { headers: JSON_TYPE })).text();
    expect(text).toContain('in strict mode it must be a trusted one');
  });

  it('rejects malformed requests, repeated parameters and batches', async () => {
    for (const body of [
      {},
      { documentId: 1 },
      { query: [UNKNOWN] },
      { query: 1, documentId: 'public' },
      [{ query: UNKNOWN }],
      [{ documentId: 'public' }],
    ]) {
      expect(await post(body)).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
    }
    const repeated = `query=${encodeURIComponent(PUBLIC)}&query=${encodeURIComponent(UNKNOWN)}`;
    for (const search of [repeated, `${repeated}&documentId=public`, 'documentId=public&documentId=protected']) {
      const response = await fetch(`${tandem.url}/graphql?${search}`, { headers: JSON_TYPE });
      expect(response.status).toBe(400);
    }
  });

  it('prevents cross-site GET requests with an ID', async () => {
    expect(await get({ documentId: 'public' }, {})).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  it('rejects protected documents without a token, also when they are known', async () => {
    for (let round = 0; round < 3; round += 1) {
      expect(await post({ documentId: 'protected' })).toMatchObject({ status: 401, reason: 'TOKEN_MISSING' });
      expect(await post({ extensions: persistedQuery('protected') })).toMatchObject({ status: 401 });
    }
  });
});

describe('a hash and a text in one request', () => {
  beforeEach(() => start('log'));

  it('must belong together if the ID begins with sha256:', async () => {
    expect(await post({ documentId: `sha256:${sha256(PUBLIC)}`, query: PUBLIC })).toEqual(SERVED);
    expect(await post({ documentId: `sha256:${sha256(UNKNOWN)}`, query: PUBLIC })).toEqual(MISMATCH);
    expect(await get({ documentId: `sha256:${sha256(UNKNOWN)}`, query: PUBLIC })).toEqual(MISMATCH);
    expect(await post({ documentId: 'opaque', query: PUBLIC })).toEqual(SERVED);
  });

  it('are served by the protocol of Apollo', async () => {
    expect(await post({ extensions: persistedQuery('x') })).toEqual(NOT_FOUND);
    expect(await post({ extensions: persistedQuery('x'), query: UNKNOWN })).toEqual(SERVED);
  });
});

describe('log mode', () => {
  beforeEach(() => start('log'));

  const logged = () =>
    tandem
      .log()
      .split('\n')
      .filter((line) => line.includes('trusted_documents.unknown'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it('logs an unknown document once, with its hash and name and without literals', async () => {
    const query = LOGIN.replace('($input: LoginInput!)', '').replace(
      '$input',
      '{ email: "secret-mail", password: """secret-word""", deviceName: secret_enum, number: 4711, list: [47.11] }',
    );
    await post({ query });
    await post({ query });
    const [line, ...others] = logged();
    expect(others).toEqual([]);
    expect(line).toMatchObject({ hash: `sha256:${sha256(query)}`, operation: 'Login' });
    expect(line?.['document']).toContain('password: ""');
    expect(tandem.log()).not.toMatch(/secret|4711|47\.11/);
  });

  it('logs no text of a document that is not GraphQL', async () => {
    await post({ query: '{ login(password: "secret' });
    expect(logged()).toHaveLength(1);
    expect(tandem.log()).not.toContain('secret');
  });

  it('logs neither trusted documents nor more than 60 documents in a minute', async () => {
    tandem.clock.stopAt(Date.now());
    await post({ query: PUBLIC });
    for (let index = 0; index < 70; index += 1)
      expect(await post({ query: `{ a${index}: __typename }` })).toMatchObject({ status: 200 });
    expect(logged()).toHaveLength(60);
    tandem.clock.advance(60);
    await post({ query: '{ a69: __typename }' });
    expect(logged()).toHaveLength(61);
  });
});

describe('mode off', () => {
  it('rejects IDs', async () => {
    tandem = await startTandem();
    expect(await post({ documentId: 'x' })).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
    expect(await post({ extensions: persistedQuery('x') })).toMatchObject({ code: 'PERSISTED_QUERY_NOT_SUPPORTED' });
  });
});
