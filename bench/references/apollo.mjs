// A minimal Apollo Server 5: its standalone server, a hand-written schema, no ORM.
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { resolversOf, typeDefs } from './graph.mjs';
import { openStore } from './store.mjs';
import { tokens } from './tokens.mjs';

const store = openStore(process.env.DATABASE_FILE);
const access = tokens(store, process.env.KEY_RING_FILE);

await startStandaloneServer(new ApolloServer({ typeDefs, resolvers: resolversOf(store, access) }), {
  listen: { port: Number(process.env.PORT), host: '127.0.0.1' },
  context: async ({ req }) => ({
    viewer: access.viewerOf(req.headers.authorization),
    ipAddress: req.socket.remoteAddress,
    userAgent: req.headers['user-agent'],
  }),
});
console.log('listening');
