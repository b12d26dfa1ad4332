import type { Tandem } from './harness.js';

/** After this time of the process a clean-up is due. */
const LATER_MS = 3_600_001;

const now = performance.now.bind(performance);

/** Logs in after an hour of process time, and waits for the clean-up. Resolves to the id of the new session. */
export async function cleanUp(...servers: [Tandem, ...Tandem[]]): Promise<string> {
  // Work that rests in proportion to its duration would rest for hours if the time changed during it.
  await Promise.all(servers.map(({ app }) => app.drain()));
  performance.now = () => now() + LATER_MS;
  const [{ sessionId }] = await Promise.all([servers[0].login(), ...servers.slice(1).map((one) => one.login())]);
  performance.now = now;
  await Promise.all(servers.map(({ app }) => app.drain()));
  return sessionId;
}
