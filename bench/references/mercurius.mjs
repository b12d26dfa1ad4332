// A minimal Mercurius: the same schema and resolvers, compiled just in time as its documentation advises for production.
import Fastify from 'fastify';
import mercurius from 'mercurius';
import { resolversOf, typeDefs } from './graph.mjs';
import { openStore } from './store.mjs';
import { tokens } from './tokens.mjs';

const store = openStore(process.env.DATABASE_FILE);
const access = tokens(store, process.env.KEY_RING_FILE);
const server = Fastify();

server.register(mercurius, {
  schema: typeDefs,
  resolvers: resolversOf(store, access),
  jit: 1,
  context: ({ headers, ip }) => ({
    viewer: access.viewerOf(headers.authorization),
    ipAddress: ip,
    userAgent: headers['user-agent'],
  }),
  errorFormatter: ({ errors, data }) => {
    const status = errors.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED') ? 401 : 500;
    const shown = errors.map(({ message, extensions }) => ({ message, extensions: { code: extensions?.code } }));
    return { statusCode: status, response: { data, errors: shown } };
  },
});
await server.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
console.log('listening');
