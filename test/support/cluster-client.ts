import { DEMO_LOGIN } from '../../src/demo/seed.js';
import type { ClusterProcess } from './cluster-process.js';
import { LOGIN, PROTECTED, REFRESH } from './harness.js';
import { keptConnection } from './kept-connection.js';

export interface ClusterClient {
  /** The worker that serves this client's connection. */
  worker(): Promise<number>;
  /** Sends a protected query, with the client's own token by default. Resolves to the status. */
  read(token?: string): Promise<number>;
  /** Refreshes. Rejects if the response contains no new pair. */
  refresh(): Promise<void>;
  logOut(): Promise<void>;
  readonly authToken: string;
  close(): void;
}

/** A client with its own connection and session. */
export async function clusterClient(cluster: ClusterProcess): Promise<ClusterClient> {
  const connection = keptConnection(cluster.url());
  const { email, password } = DEMO_LOGIN;
  let { authToken, refreshToken } = (await connection.ask(LOGIN, { input: { email, password } })).data.login;
  return {
    async worker() {
      const { requestId } = await connection.ask('{ __typename }');
      const answered = () => cluster.logged('request').find((line) => line['requestId'] === requestId);
      return (await cluster.until(answered)).pid ?? 0;
    },
    read: async (token = authToken) => (await connection.ask(PROTECTED, {}, token)).status,
    async refresh() {
      const { status, data } = await connection.ask(REFRESH, { input: { refreshToken } });
      if (!data?.refreshToken) throw new Error(`The refresh was answered with ${status}.`);
      ({ authToken, refreshToken } = data.refreshToken);
    },
    async logOut() {
      await connection.ask('mutation { logout { loggedOut } }', {}, authToken);
    },
    get authToken() {
      return authToken;
    },
    close: () => connection.close(),
  };
}

/** Opens clients until each worker serves one. A client cannot choose its worker. */
export async function clientsOfAllWorkers(cluster: ClusterProcess, least = 0): Promise<ClusterClient[]> {
  const clients: ClusterClient[] = [];
  const idle = new Set(cluster.workers());
  while (clients.length < least || idle.size > 0) {
    const client = await clusterClient(cluster);
    clients.push(client);
    idle.delete(await client.worker());
  }
  return clients;
}
