import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache, type DocumentNode } from '@apollo/client/core';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { startTandem, type Tandem } from '../support/harness.js';

/** Written from docs/operations.graphql by each tool, and not changed: relay-compiler requires other names. */
const FILES = {
  apollo: '@apollo/generate-persisted-query-manifest',
  'codegen-sha1': "the client preset of GraphQL Code Generator with hashAlgorithm: 'sha1'",
  'codegen-sha256': "the client preset with hashAlgorithm: 'sha256'",
  relay: 'relay-compiler with persistConfig.file',
};
const fileOf = (name: string) => join(import.meta.dirname, 'manifests', `${name}.json`);
const read = (name: string) => JSON.parse(readFileSync(fileOf(name), 'utf8')) as Record<string, string>;
const apolloOperations = () =>
  (read('apollo') as unknown as { operations: { id: string; name: string; body: string }[] }).operations;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

let tandem: Tandem;
afterEach(() => tandem.close());

const start = async (mode: string, name: string) => {
  tandem = await startTandem(mode === 'off' ? {} : { TRUSTED_DOCUMENTS: mode, TRUSTED_DOCUMENTS_FILE: fileOf(name) });
};

interface Result {
  data?: Record<string, unknown>;
  errors?: { extensions: { reason: string | null } }[];
}
async function byId(documentId: string): Promise<Result> {
  const response = await fetch(`${tandem.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ documentId }),
  });
  return (await response.json()) as Result;
}

describe.each(Object.entries(FILES))('the file %s of %s', (name) => {
  it('serves each document by its ID to fetch', async () => {
    await start('strict', name);
    const ids = name === 'apollo' ? apolloOperations().map(({ id }) => id) : Object.keys(read(name));
    expect(ids).toHaveLength(16);
    const results = await Promise.all(ids.map(byId));
    for (const { errors } of results) expect(errors?.[0]?.extensions.reason).not.toBe('DOCUMENT_NOT_TRUSTED');
    expect(results.filter(({ data }) => data?.['tokenStatus'])).toHaveLength(1);
  });
});

/** An Apollo Client that hashes documents, and what its requests contained. */
function apolloClient(generateHash?: (document: DocumentNode) => string) {
  const requests: string[][] = [];
  const recording: typeof fetch = (url, init) => {
    const { query, extensions } = JSON.parse(init?.body as string) as Record<string, unknown>;
    requests.push([
      ...(query === undefined ? [] : ['text']),
      ...((extensions as { persistedQuery?: object } | undefined)?.persistedQuery ? ['hash'] : []),
    ]);
    return fetch(url, init);
  };
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.from([
      new PersistedQueryLink(generateHash ? { generateHash } : { sha256 }),
      new HttpLink({ uri: `${tandem.url}/graphql`, fetch: recording }),
    ]),
  });
  const query = async (document: DocumentNode) => {
    const { data, error } = await client.query<Record<string, unknown>>({
      query: document,
      fetchPolicy: 'network-only',
      errorPolicy: 'all',
    });
    return error
      ? String((error as { errors?: { extensions?: object }[] }).errors?.[0]?.extensions?.['reason' as never])
      : data;
  };
  return { query, requests };
}

const VALID = { tokenStatus: { state: 'NONE' } };
const UNKNOWN = gql('query Unknown { tokenStatus { state } }');
const trustedDocument = () => gql(apolloOperations().find(({ name }) => name === 'TokenStatus')?.body ?? '');

describe('the persisted query link of Apollo Client', () => {
  it.each(['log', 'strict'])('sends only the hash of a document in its manifest in mode %s', async (mode) => {
    await start(mode, 'apollo');
    const { query, requests } = apolloClient();
    expect(await query(trustedDocument())).toMatchObject(VALID);
    expect(await query(trustedDocument())).toMatchObject(VALID);
    expect(requests).toEqual([['hash'], ['hash']]);
  });

  it('sends the IDs of a manifest that it looks up by operation name', async () => {
    await start('strict', 'relay');
    const [id] = Object.entries(read('relay')).find(([, text]) => text.includes('FrontTokenStatusQuery')) ?? [];
    const { query, requests } = apolloClient(() => String(id));
    expect(await query(gql('query FrontTokenStatusQuery { tokenStatus { state } }'))).toMatchObject(VALID);
    expect(requests).toEqual([['hash']]);
  });

  it('sends the text of an unknown document in mode log', async () => {
    await start('log', 'apollo');
    const { query, requests } = apolloClient();
    expect(await query(UNKNOWN)).toMatchObject(VALID);
    expect(requests).toEqual([['hash'], ['text', 'hash']]);
  });

  it('gets DOCUMENT_NOT_TRUSTED for the text of an unknown document in strict mode', async () => {
    await start('strict', 'apollo');
    const { query, requests } = apolloClient();
    expect(await query(UNKNOWN)).toBe('DOCUMENT_NOT_TRUSTED');
    expect(requests).toEqual([['hash'], ['text', 'hash']]);
  });

  it('sends no more hashes after the first one in mode off', async () => {
    await start('off', '');
    const { query, requests } = apolloClient();
    expect(await query(UNKNOWN)).toMatchObject(VALID);
    expect(await query(UNKNOWN)).toMatchObject(VALID);
    expect(requests).toEqual([['hash'], ['text'], ['text']]);
  });
});
