// The limit: bare node:http, one verified JWT, one read, the same JSON. It finds the case by the operation name, without GraphQL.
import { createServer } from 'node:http';
import { openStore } from './store.mjs';
import { cursorOf, idOf, isoTime, tokens } from './tokens.mjs';

process.on('SIGTERM', () => process.exit());
const store = openStore(process.env.DATABASE_FILE);
const { viewerOf, refresh, logIn } = tokens(store, process.env.KEY_RING_FILE);

const UNAUTHENTICATED = JSON.stringify({
  errors: [{ message: 'The auth token is not valid.', extensions: { code: 'UNAUTHENTICATED' } }],
});

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk) => (body += chunk));
  request.on('end', async () => {
    try {
      const { operationName, variables } = JSON.parse(body);
      const data = await answer(operationName, variables, request);
      if (data) send(response, 200, JSON.stringify({ data }));
      else send(response, 401, UNAUTHENTICATED);
    } catch (error) {
      send(response, 500, String(error));
    }
  });
});

function answer(operationName, variables, request) {
  if (operationName === 'Refresh') {
    const { refreshToken } = variables.input;
    return { refreshToken: refresh(refreshToken, request.socket.remoteAddress, request.headers['user-agent']) };
  }
  if (operationName === 'Login') {
    return logIn(variables.input.email, variables.input.password).then((login) => ({ login }));
  }
  const viewer = viewerOf(request.headers.authorization);
  if (!viewer) return undefined;
  if (operationName === 'Post') {
    const row = store.postWithAuthor.get(variables.id, viewer.sub);
    return { post: row ? { id: row.id, title: row.title, body: row.body, ...rest(row) } : null };
  }
  const olderThan = idOf(variables.after);
  const rows = store.postsWithAuthors.all(olderThan, viewer.sub, olderThan);
  const nodes = rows.slice(0, 20).map((row) => ({ id: row.id, title: row.title, ...rest(row) }));
  const pageInfo = { hasNextPage: rows.length > 20, endCursor: cursorOf(nodes.at(-1).id) };
  return { posts: { nodes, pageInfo } };
}

function rest({ publishedAt, authorId, displayName }) {
  return { publishedAt: isoTime(publishedAt), author: { id: authorId, displayName } };
}

function send(response, status, body) {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, headers).end(body);
}

server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'));
