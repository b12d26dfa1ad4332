// The servers that are compared, each with its own copy of the data.
import { join } from 'node:path';
import { baselineDatabase, baselineProgram, BASELINE } from './baseline.mjs';
import { emptyPostgres, fillPostgres } from './postgres.mjs';
import { casesOf } from './requests.mjs';
import { ON_POSTGRES, PROGRAMS, startServer } from './servers.mjs';

/** Starts all servers. They run until `stop`; a server without load is idle. */
export async function fieldOf(world, directory, postgresUrl) {
  const servers = [];
  const stop = async () => {
    await Promise.all(servers.splice(0).map(({ server }) => server.stop()));
    if (postgresUrl) await emptyPostgres(postgresUrl);
  };
  try {
    for (const name of Object.keys(PROGRAMS)) await add(name, PROGRAMS[name], world.copy(name));
    const baseline = baselineProgram();
    if (baseline) await add(BASELINE, baseline, await baselineDatabase(baseline, world, directory));
    if (postgresUrl) {
      await fillPostgres(postgresUrl, world);
      await add(ON_POSTGRES, PROGRAMS.tandem, postgresUrl);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    servers,
    stop,
    memory: () => Object.fromEntries(servers.map(({ name, server }) => [name, server.memory()])),
  };

  async function add(name, program, database) {
    const logPath = join(directory, `${name}.log`);
    const server = await startServer({ program, database, keyRingPath: world.keyRingPath, logPath });
    servers.push({ name, server, cases: casesOf(world.material) });
  }
}
