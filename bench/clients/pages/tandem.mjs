import { createTandemClient, indexedDbTokenStore } from '../../../client/dist/index.js';
import { logInWithTandem, post, READ, servePage } from './page.mjs';

let tandem;
servePage({
  async start() {
    tandem = createTandemClient({ url: '/graphql', store: indexedDbTokenStore() });
    await tandem.ready;
  },
  logIn: async () => tandem.signIn(await logInWithTandem()),
  logOut: () => tandem.signOut(),
  isSignedIn: () => Boolean(tandem.session()),
  read: () => post(READ, {}, undefined, tandem.fetch),
});
