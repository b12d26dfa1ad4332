// Whether more rows make a request slower: the same server on the small world and on one a thousand times as large.
import { join } from 'node:path';
import { casesOf } from './requests.mjs';
import { rounds } from './rounds.mjs';
import { PROGRAMS, startServer } from './servers.mjs';
import { makeWorld } from './world.mjs';

const SESSIONS_PER_ACCOUNT = 50;

/** Cases A to C on both: { A: { small: { perSecond, … }, large: { … } }, … }. */
export async function growth(world, directory, settings) {
  const { posts, sessions } = settings.growth;
  const large = await makeWorld({
    directory,
    name: 'large',
    posts,
    sessions,
    accounts: sessions / SESSIONS_PER_ACCOUNT,
  });
  const servers = [];
  try {
    for (const [name, { path, keyRingPath, material }] of Object.entries({ small: world, large })) {
      const logPath = join(directory, `growth-${name}.log`);
      const server = await startServer({ program: PROGRAMS.tandem, database: path, keyRingPath, logPath });
      servers.push({ name, server, cases: casesOf(material) });
    }
    return await rounds(servers, settings, ['A', 'B', 'C']);
  } finally {
    await Promise.all(servers.map(({ server }) => server.stop()));
  }
}
