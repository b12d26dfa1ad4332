import type { Tandem } from './harness.js';

/** As long as no clean-up that is due waits. */
const LATER_MS = 3_600_001;

/** A login an hour of process time later, by when a server has cleaned up. Resolves to the new session's id. */
export async function cleanUp(...servers: [Tandem, ...Tandem[]]): Promise<string> {
  const now = performance.now.bind(performance);
  performance.now = () => now() + LATER_MS;
  const [{ sessionId }] = await Promise.all([servers[0].login(), ...servers.slice(1).map((one) => one.login())]);
  performance.now = now;
  await Promise.all(servers.map(({ app }) => app.drain()));
  return sessionId;
}
