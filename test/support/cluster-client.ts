import { DEMO_LOGIN } from '../../src/demo/seed.js';
import type { ClusterProcess } from './cluster-process.js';
import { LOGIN, PROTECTED, REFRESH } from './harness.js';
import { keptConnection } from './kept-connection.js';

export interface ClusterClient {
  /** The process that this client's connection leads to. */
  worker(): Promise<number>;
  /** Reads what is protected, with its own token unless another is given; resolves to the status. */
  read(token?: string): Promise<number>;
  /** Exchanges the refresh token; rejects when it gets no new pair. */
  refresh(): Promise<void>;
  logOut(): Promise<void>;
  readonly authToken: string;
  close(): void;
}

/** A client of its own connection and session. */
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

/** So many clients, and more until each worker has one: which worker takes a connection is not for a client to say. */
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
