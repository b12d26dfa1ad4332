import { wire, type Wire } from '../../../test/client/wire.js';
import type { Tandem } from '../../../test/support/harness.js';
import {
  createTandemClient,
  type TandemClient,
  type TandemOptions,
  type TokenPair,
  type TokenStore,
} from '../../src/index.js';
import { manualClock, type ManualClock } from './manual-clock.js';

const PAIR = `authToken refreshToken serverTime refreshAfter authTokenExpiresAt refreshTokenExpiresAt
  session { id } account { id }`;
export const CHANGE = `mutation Change($change: ChangePasswordInput!) { changePassword(input: $change) { ${PAIR} } }`;
export const CREATE = 'mutation Create($post: CreatePostInput!) { createPost(input: $post) { post { id } } }';
export const READ = 'query Read { posts(first: 1) { nodes { id } } }';
export const LOGIN = `mutation Login($input: LoginInput!) { login(input: $input) { ${PAIR} } }`;
const EVENTS = ['signedIn', 'refreshed', 'signedOut', 'stepUpNeeded', 'storeFailed'] as const;

export interface Tab {
  client: TandemClient;
  store: TokenStore;
  network: Wire;
  clock: ManualClock;
  /** The events so far: their names, and the reason if there is one. */
  events: string[];
  /** Sends an operation. Returns `OK`, the code of the error, or the status if the response is not GraphQL. */
  send(query: string, variables?: object, signal?: AbortSignal): Promise<string>;
  read(): Promise<string>;
}

export interface TabOptions extends Omit<TandemOptions, 'url' | 'store' | 'clock'> {
  clock?: ManualClock;
}

/** A page with a client. Its short waits take no time. */
export function openTab(
  tandem: Tandem,
  store: TokenStore,
  { clock = manualClock(), ...options }: TabOptions = {},
): Tab {
  const network = wire();
  const url = `${tandem.url}/graphql`;
  clock.skipBelowMs = 10_000;
  const client = createTandemClient({ url, store, clock, fetch: network.fetch, ...options });
  const events: string[] = [];
  for (const name of EVENTS) {
    client.on(name, (event) => events.push(event && 'reason' in event ? `${name} ${event.reason}` : name));
  }
  const send = async (query: string, variables?: object, signal?: AbortSignal) => {
    const operationName = /\w+\s+(\w+)/.exec(query)?.[1];
    const body = JSON.stringify({ operationName, query, variables });
    const headers = { 'content-type': 'application/json' };
    const response = await client.fetch(url, { method: 'POST', headers, body, signal });
    const reply = (await response.json().catch(() => undefined)) as Reply | undefined;
    if (!reply) return String(response.status);
    return reply.errors?.[0]?.extensions.code ?? 'OK';
  };
  return { client, store, network, clock, events, send, read: () => send(READ) };
}

interface Reply {
  errors?: { extensions: { code: string } }[];
}

/** Logs in at the server, with a new account by default. The response is not given to any client. */
export async function loginPair(tandem: Tandem, person?: { email: string }): Promise<TokenPair> {
  const { email } = person ?? (await tandem.person());
  const { data } = await tandem.send(LOGIN, { input: { email, password: 'correct horse battery staple' } });
  return data.login;
}
