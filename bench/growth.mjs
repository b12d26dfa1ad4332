// Measures whether more rows make a request slower: the same server on a small database and on one 1,000 times as large.
import { join } from 'node:path';
import { besidePostgres, fillPostgres } from './postgres.mjs';
import { casesOf } from './requests.mjs';
import { rounds } from './rounds.mjs';
import { ON_POSTGRES, PROGRAMS, startServer } from './servers.mjs';
import { makeWorld } from './world.mjs';

const SESSIONS_PER_ACCOUNT = 50;

/** Cases A to C on both sizes, by server: { tandem: { A: { small: { perSecond, … }, large: { … } }, … }, … }. */
export async function growth(world, directory, settings, postgresUrl) {
  const { posts, sessions } = settings.growth;
  const accounts = sessions / SESSIONS_PER_ACCOUNT;
  const worlds = { small: world, large: await makeWorld({ directory, name: 'large', posts, sessions, accounts }) };
  const grown = { tandem: await measure(worlds, directory, settings, (each) => each.copy('growth')) };
  if (!postgresUrl) return grown;

  const made = [];
  try {
    const urls = new Map();
    for (const [name, each] of Object.entries(worlds)) {
      const database = await besidePostgres(postgresUrl, `_${name}`);
      made.push(database);
      await fillPostgres(database.url, each);
      urls.set(each, database.url);
    }
    return { ...grown, [ON_POSTGRES]: await measure(worlds, directory, settings, (each) => urls.get(each)) };
  } finally {
    for (const { drop } of made) await drop();
  }
}

async function measure(worlds, directory, settings, databaseOf) {
  const servers = [];
  try {
    for (const [name, each] of Object.entries(worlds)) {
      const { keyRingPath, material } = each;
      const logPath = join(directory, `growth-${name}.log`);
      const server = await startServer({ program: PROGRAMS.tandem, database: databaseOf(each), keyRingPath, logPath });
      servers.push({ name, server, cases: casesOf(material) });
    }
    return await rounds(servers, settings, ['A', 'B', 'C']);
  } finally {
    await Promise.all(servers.map(({ server }) => server.stop()));
  }
}
