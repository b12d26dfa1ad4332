// Processor time of a read by its document ID, beside the same read with its text, for documents of three lengths.
// Run: npm run build && node bench/trusted-documents.mjs [rounds]
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { load } from './load.mjs';
import { median } from './median.mjs';
import { PROGRAMS, startServer } from './servers.mjs';
import { makeWorld } from './world.mjs';

process.chdir(join(import.meta.dirname, '..'));
const [rounds = 8] = process.argv.slice(2).map(Number);
const SECONDS = 1;
const CONNECTIONS = 16;

/** A component's fragment, as code generation writes them: many of the same fields. */
const fragment = (at) =>
  `fragment Part${at} on Post { id title body status publishedAt createdAt updatedAt author { id displayName } }`;
const documentWith = (count) =>
  `query Post($id: ID!) { post(id: $id) { id ${Array.from({ length: count }, (_, at) => `...Part${at}`).join(' ')} } } ${Array.from({ length: count }, (_, at) => fragment(at)).join(' ')}`;
const DOCUMENTS = [1, 8, 24].map(documentWith);
const idOf = (text) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

const directory = mkdtempSync(join(tmpdir(), 'tandem-documents-'));
const world = await makeWorld({ directory, name: 'world', posts: 1000, sessions: 1000 });
const manifest = join(directory, 'persisted-documents.json');
writeFileSync(manifest, JSON.stringify(Object.fromEntries(DOCUMENTS.map((text) => [idOf(text), text]))));
const server = await startServer({
  program: PROGRAMS.tandem,
  database: world.copy('documents'),
  keyRingPath: world.keyRingPath,
  logPath: join(directory, 'server.log'),
  environment: { TRUSTED_DOCUMENTS: 'strict', TRUSTED_DOCUMENTS_FILE: manifest },
});
try {
  const ways = DOCUMENTS.map((text) => [{ query: text }, { documentId: idOf(text) }].map(requestsWith));
  const measured = ways.map((pair) => pair.map(() => []));
  for (let round = -1; round < rounds; round += 1) {
    for (const [at, pair] of ways.entries()) {
      for (const way of round % 2 ? [0, 1] : [1, 0]) {
        const one = { server, connections: CONNECTIONS, seconds: SECONDS, ...pair[way] };
        const { processorMicroseconds } = await load(one);
        if (round >= 0) measured[at][way].push(processorMicroseconds); // the first round warms up
      }
    }
  }
  for (const [at, [byText, byId]] of measured.entries()) {
    const [text, id] = [median(byText), median(byId)];
    const length = `${DOCUMENTS[at].length} characters`.padStart(16);
    process.stdout.write(
      `${length}: text ${text.toFixed(0)} µs, ID ${id.toFixed(0)} µs, ratio ${(id / text).toFixed(2)}\n`,
    );
  }
} finally {
  await server.stop();
  rmSync(directory, { recursive: true });
}

function requestsWith(document) {
  const { postIds, authTokens } = world.material;
  const requests = postIds.map((id, at) =>
    request({ ...document, variables: { id } }, authTokens[at % authTokens.length]),
  );
  let turn = 0;
  return {
    next: () => requests[(turn += 1) % requests.length],
    accept: (status, body) => status === 200 && body.startsWith('{"data":{"post":{"id"'),
  };
}

function request(parameters, authToken) {
  const body = JSON.stringify(parameters);
  const head = [
    'POST /graphql HTTP/1.1',
    'host: 127.0.0.1',
    'accept: application/graphql-response+json, application/json',
    'content-type: application/json',
    `authorization: Bearer ${authToken}`,
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}
