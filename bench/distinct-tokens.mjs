// Measures the cost of verifying auth tokens that are not cached: case A with few and with many distinct ES256 tokens.
import { join } from 'node:path';
import { readsWith } from './requests.mjs';
import { rounds } from './rounds.mjs';
import { PROGRAMS, startServer } from './servers.mjs';
import { CONNECTIONS, POSTS } from './settings.mjs';
import { makeWorld } from './world.mjs';

/** Case A by server: { limit: { few: { perSecond, … }, many: { … } }, … }. */
export async function distinctTokens(directory, settings) {
  const tokens = settings.distinctTokens;
  const sessions = tokens + 2 * CONNECTIONS;
  const world = await makeWorld({ directory, name: 'es256', posts: POSTS, sessions, algorithm: 'ES256', tokens });
  const { authTokens } = world.material;
  const some = { few: authTokens.slice(0, CONNECTIONS), many: authTokens };
  const requests = Object.fromEntries(
    Object.entries(some).map(([name, list]) => [name, readsWith(world.material, list)]),
  );
  const servers = [];
  try {
    const { keyRingPath } = world;
    for (const [name, program] of Object.entries(PROGRAMS)) {
      const logPath = join(directory, `es256-${name}.log`);
      const server = await startServer({ program, database: world.copy(name), keyRingPath, logPath });
      servers.push({ name, server, cases: requests });
    }
    return await rounds(servers, settings, ['few', 'many']);
  } finally {
    await Promise.all(servers.map(({ server }) => server.stop()));
  }
}
