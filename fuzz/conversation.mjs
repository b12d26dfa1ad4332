import { checkErrors, checkHead } from './checks.mjs';
import { operation } from './documents.mjs';
import { exchange } from './exchange.mjs';
import { parseResponses } from './responses.mjs';
import { requestBytes, viewer } from './viewers.mjs';

const MOST_PIPELINED = 4;
/** Below the server's limit, which ends the connection. */
const MOST_BYTES = 50_000;

/** One to four GraphQL requests that are sent on one connection without waiting for responses. */
export function conversation(choose, { world, tokens, coverage }) {
  const count = choose.chance(30) ? 2 + choose.int(MOST_PIPELINED - 1) : 1;
  const requests = Array.from({ length: count }, () => {
    const from = viewer(choose, world, tokens);
    return { from, ...operation(choose, from, coverage.rareOf) };
  }).filter(({ body }) => JSON.stringify(body).length < MOST_BYTES);
  const bytes = Buffer.concat(
    requests.map((request, index) => requestBytes(choose, request.from, request, index === requests.length - 1)),
  );
  const cuts = choose.chance(20) ? Array.from({ length: 1 + choose.int(4) }, () => choose.int(bytes.length + 1)) : [];
  return { requests, bytes, cuts };
}

/** Sends the requests, checks their responses and learns from them. */
export async function converse({ requests, bytes, cuts }, { port, secrets, world, coverage, count }) {
  if (requests.length === 0) return;
  const responses = parseResponses(await exchange(port, bytes, { cuts, isComplete: true }));
  // A response may announce that the server closes the connection, and later requests are not processed.
  const isClosed = /^connection: close$/im.test(responses.at(-1)?.head ?? '');
  if (responses.length > requests.length || (responses.length < requests.length && !isClosed))
    throw new Error(`${requests.length} requests got ${responses.length} responses.`);
  responses.forEach((response, index) => check(requests[index], response));

  function check(request, { status, head, body }) {
    count(status);
    checkHead(status, head, body);
    const result = JSON.parse(body);
    checkErrors(result);
    const issued = issuedTokens(result.data);
    const leaked = secrets.find(`${head}\n${body}`, issued);
    if (leaked !== undefined) throw new Error(`A response contains a secret: ${leaked}\n${body}`);
    coverage.add(request, status, result);
    follow(request, result);
  }

  function follow({ from, newPassword, rootFields }, { data, errors = [] }) {
    const { account, session, isValid } = from;
    const isRejected = errors.some(({ extensions }) => extensions.code === 'UNAUTHENTICATED');
    if (isValid && isRejected) world.drop(account, session);
    if (rootFields.includes('changePassword') && Object.values(data ?? {}).some(Boolean) && newPassword)
      account.password = newPassword;
    world.learn(data, from);
  }
}

/** The values of the fields that return tokens. They may appear nowhere else. */
function issuedTokens(value) {
  if (Array.isArray(value)) return value.flatMap(issuedTokens);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    /^(auth|refresh)Token(_\d+)?$/.test(key) && typeof inner === 'string' ? [inner] : issuedTokens(inner),
  );
}
