// Sends random requests to the server in production mode and checks every response. See docs/fuzzing.md. Run: npm run fuzz
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { deploy } from './deployment.mjs';
import { fuzz } from './fuzz.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    database: { type: 'string' }, // an empty PostgreSQL database. Default: a new SQLite file
  },
});

const directory = mkdtempSync(join(tmpdir(), 'tandem-fuzz-'));
let server;
async function cleanUp() {
  await server?.close();
  rmSync(directory, { recursive: true, force: true });
}
for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => void cleanUp().then(() => process.exit(130)));

try {
  server = await deploy(directory, values.database ?? `file:${join(directory, 'fuzz.db')}`);
  const { failure, total, perSecond, statuses, coverage } = await fuzz(server, {
    seed: Number(values.seed),
    forMs: Number(values.seconds) * 1000,
  });
  const memory = server.memory();
  console.log(`seed ${values.seed}: ${total} responses, ${perSecond.toFixed(0)} per second`);
  console.log(`by status: ${JSON.stringify(statuses)}\n${coverage}\n${memory.report}`);
  const problem = failure ?? memory.problem;
  if (problem !== undefined) {
    console.error(`failed with --seed ${values.seed}\n${problem}`);
    process.exitCode = 1;
  }
} finally {
  await cleanUp();
}
