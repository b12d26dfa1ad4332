import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { createElement, StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import {
  createTandemClient,
  indexedDbTokenStore,
  tandemError,
  type TandemClient,
  type TokenPair,
} from '../../../client/src/index.js';

const OPERATIONS = {
  Login: { token: false, retry: 'never' },
  Read: { token: true, retry: 'always' },
  CreatePost: { token: true, retry: 'with-key' },
} as const;
const EVENTS = ['signedIn', 'refreshed', 'signedOut', 'stepUpNeeded', 'storeFailed'] as const;

const LOGIN = gql`
  mutation Login($input: LoginInput!) {
    login(input: $input) {
      authToken
      refreshToken
      serverTime
      refreshAfter
      authTokenExpiresAt
      refreshTokenExpiresAt
      session {
        id
      }
      account {
        id
      }
    }
  }
`;
const READ = gql`
  query Read {
    me {
      id
    }
  }
`;
const CREATE = gql`
  mutation CreatePost($input: CreatePostInput!) {
    createPost(input: $input) {
      post {
        id
      }
    }
  }
`;

/** One operation of five is a mutation. */
const READS_PER_WRITE = 4;
const PAUSE_MS = 20;

/** What a test calls in a page of the front-end: Apollo Client with the client's `fetch`. */
export interface TabPage {
  /** With `isStrict`, React creates the client in a component and mounts it twice. */
  start(isStrict: boolean): Promise<void>;
  logIn(email: string, password: string): Promise<void>;
  /** Executes operations one after the other. Returns the errors that a user would see. */
  operate(count: number): Promise<string[]>;
  signOut(): Promise<boolean>;
  /** IndexedDB throws, as where the user has disabled storage. */
  breakStore(): void;
  /** The events so far, with their reasons. */
  events: string[];
  accountId(): string | undefined;
}
declare global {
  var tab: TabPage;
}

let client: TandemClient;
let apollo: ApolloClient;
const events: string[] = [];
const url = `/graphql${location.search}`;

function connected(tandem: TandemClient): void {
  client = tandem;
  apollo = new ApolloClient({
    cache: new InMemoryCache(),
    link: new HttpLink({ uri: url, fetch: tandem.fetch }),
  });
}

function listen(tandem: TandemClient): () => void {
  const stops = EVENTS.map((name) =>
    tandem.on(name, (event) => events.push(event && 'reason' in event ? `${name} ${event.reason}` : name)),
  );
  return () => stops.forEach((stop) => stop());
}

const createClient = () => createTandemClient({ url, store: indexedDbTokenStore(), operations: OPERATIONS });

/** As an application of React does it. In strict mode, React calls the initializer and the effect twice. */
function App({ onMounted }: { onMounted: () => void }): null {
  const [tandem] = useState(createClient);
  useEffect(() => {
    const stop = listen(tandem);
    connected(tandem);
    onMounted();
    return () => {
      stop();
      tandem.dispose();
    };
  }, [tandem, onMounted]);
  return null;
}

async function execute(isWrite: boolean): Promise<void> {
  if (isWrite) {
    const input = { title: 'A post', body: '', idempotencyKey: crypto.randomUUID() };
    await apollo.mutate({ mutation: CREATE, variables: { input } });
    return;
  }
  const { data } = await apollo.query<{ me: { id: string } }>({ query: READ, fetchPolicy: 'network-only' });
  // A response may arrive just after a logout.
  const mine = client.session()?.accountId ?? data?.me.id;
  if (data?.me.id !== mine) throw new Error('The data of another account');
}

globalThis.tab = {
  events,
  accountId: () => client.session()?.accountId,
  async start(isStrict) {
    if (isStrict) {
      const root = createRoot(document.querySelector('main') ?? document.body);
      await new Promise<void>((resolve) =>
        root.render(createElement(StrictMode, null, createElement(App, { onMounted: resolve }))),
      );
    } else {
      const tandem = createClient();
      listen(tandem);
      connected(tandem);
    }
    await client.ready;
  },
  async logIn(email, password) {
    const variables = { input: { email, password } };
    const { data } = await apollo.mutate<{ login: TokenPair }>({ mutation: LOGIN, variables });
    if (data) await client.signIn(data.login);
  },
  async operate(count) {
    const errors: string[] = [];
    for (let number = 0; number < count; number++) {
      try {
        await execute(number % (READS_PER_WRITE + 1) === 0);
      } catch (error) {
        errors.push(tandemError(error)?.code ?? String(error));
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    return errors;
  },
  signOut: () => client.signOut(),
  breakStore() {
    indexedDB.open = () => {
      throw new DOMException('Storage is disabled', 'SecurityError');
    };
  },
};
