// The requests of each case as bytes, and what their responses must look like.
import { textsFrom } from './texts.mjs';

const OPERATIONS = {
  Post: 'query Post($id: ID!) { post(id: $id) { id title body publishedAt author { id displayName } } }',
  Posts: `query Posts($first: Int, $after: String) {
    posts(first: $first, after: $after) { nodes { id title publishedAt author { id displayName } } pageInfo { hasNextPage endCursor } }
  }`,
  Login: 'mutation Login($input: LoginInput!) { login(input: $input) { PAIR } }',
  // The payload differs between versions.
  CreatePost: 'mutation CreatePost($input: CreatePostInput!) { createPost(input: $input) { __typename } }',
  Refresh: 'mutation Refresh($input: RefreshTokenInput!) { refreshToken(input: $input) { PAIR } }',
};
const PAIR = 'authToken authTokenExpiresAt refreshToken account { id displayName }';

/** The bytes of a GraphQL request, with the headers that a GraphQL client sends. */
export function request(operationName, variables, authToken) {
  const query = OPERATIONS[operationName].replace('PAIR', PAIR);
  const body = JSON.stringify({ operationName, query, variables });
  const head = [
    'POST /graphql HTTP/1.1',
    'host: 127.0.0.1',
    'user-agent: tandem-bench',
    'accept: application/graphql-response+json, application/json',
    'content-type: application/json',
    ...(authToken ? [`authorization: Bearer ${authToken}`] : []),
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

const isAnswer = (field) => {
  const start = `{"data":{"${field}":{"`;
  return (status, body) => status === 200 && body.startsWith(start) && !body.includes('"errors"');
};
/** Case A with one auth token after the other on any connection. The requests are built before the measurement. */
export function readsWith({ postIds }, authTokens) {
  const requests = authTokens.map((token, at) => request('Post', { id: postIds[at % postIds.length] }, token));
  let turn = 0;
  return { next: () => requests[(turn += 1) % requests.length], accept: isAnswer('post') };
}

const isRefusal = (status, body) => status === 401 && body.includes('"UNAUTHENTICATED"');

/** `next` and `accept` of each case; see load.mjs. `material` comes from world.mjs. */
export function casesOf({ postIds, cursors, authTokens, expiredToken, refreshTokens, emails, password }) {
  const posts = authTokens.map((token) => postIds.map((id) => request('Post', { id }, token)));
  const lists = authTokens.map((token) => cursors.map((after) => request('Posts', { first: 20, after }, token)));
  const refused = postIds.map((id) => request('Post', { id }, expiredToken));
  const logins = emails.map((email) => request('Login', { input: { email, password } }));
  const text = textsFrom(1);
  const inputs = Array.from({ length: 500 }, () => ({ title: text(30), body: text(400), publish: true }));
  const half = refreshTokens.length / 2;
  let turn = 0;
  const some = (list) => list[(turn += 1) % list.length];
  return {
    A: { next: (at) => some(posts[at]), accept: isAnswer('post') },
    B: { next: (at) => some(lists[at]), accept: isAnswer('posts') },
    C: chains(refreshTokens.slice(0, half)),
    D: { next: () => some(logins), accept: isAnswer('login') },
    E: { next: () => some(refused), accept: isRefusal },
    F: mix({ refreshTokens: refreshTokens.slice(half), authTokens, expiredToken, postIds, cursors }),
    G: { next: (at) => request('CreatePost', { input: some(inputs) }, authTokens[at]), accept: isAnswer('createPost') },
  };
}

/** Each connection refreshes one session: a request presents the token of the last response. */
function chains(refreshTokens, onPair = () => undefined) {
  const current = [...refreshTokens];
  return {
    next: (at) => request('Refresh', { input: { refreshToken: current[at] } }),
    accept(status, body, at) {
      if (!isAnswer('refreshToken')(status, body)) return false;
      const { refreshToken, authToken } = JSON.parse(body).data.refreshToken;
      if (refreshToken === current[at]) return false;
      current[at] = refreshToken;
      onPair(at, authToken);
      return true;
    },
  };
}

/**
 * Of 20 requests of a connection, 13 read a post, 4 read a list, 2 refresh, and 1 is rejected. Reads after a refresh use
 * its auth token, as a client does.
 */
function mix({ refreshTokens, authTokens, expiredToken, postIds, cursors }) {
  const token = [...authTokens];
  let turn = 0;
  const some = (list) => list[(turn += 1) % list.length];
  const post = { next: (at) => request('Post', { id: some(postIds) }, token[at]), accept: isAnswer('post') };
  const nextList = (at) => request('Posts', { first: 20, after: some(cursors) }, token[at]);
  const list = { next: nextList, accept: isAnswer('posts') };
  const refused = { next: () => request('Post', { id: some(postIds) }, expiredToken), accept: isRefusal };
  const chain = chains(refreshTokens, (at, authToken) => (token[at] = authToken));
  const five = [post, post, list, post];
  const order = [...five, post, ...five, chain, ...five, refused, ...five, chain];
  const step = refreshTokens.map((_, at) => at);
  return {
    next: (at) => order[step[at] % order.length].next(at),
    accept: (status, body, at) => order[step[at]++ % order.length].accept(status, body, at),
  };
}
