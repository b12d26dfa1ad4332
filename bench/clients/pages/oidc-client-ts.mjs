import { ErrorResponse, UserManager, WebStorageStateStore } from 'oidc-client-ts';
import { post, READ, servePage } from './page.mjs';

let manager;
const issuer = location.origin;

servePage({
  async start() {
    manager = new UserManager({
      authority: issuer,
      client_id: 'app',
      redirect_uri: issuer,
      scope: 'api',
      metadata: {
        issuer,
        token_endpoint: `${issuer}/oidc/token`,
        revocation_endpoint: `${issuer}/oidc/revoke`,
        authorization_endpoint: `${issuer}/oidc/authorize`,
      },
      // So that all tabs share one login. The default, sessionStorage, has one per tab.
      userStore: new WebStorageStateStore({ store: localStorage }),
    });
  },
  logIn: () => manager.signinResourceOwnerCredentials({ username: 'ada', password: 'x' }),
  async logOut() {
    await manager.revokeTokens(['refresh_token']);
    await manager.removeUser();
  },
  isSignedIn: async () => Boolean(await manager.getUser()),
  async read() {
    let user = await manager.getUser();
    if (!user) throw new Error('Nobody is signed in');
    if (user.expired) {
      user = await manager.signinSilent().catch(async (error) => {
        // The server said that the refresh token is invalid. After other errors the user stays signed in.
        if (error instanceof ErrorResponse) await manager.removeUser();
        throw error;
      });
    }
    await post(READ, {}, user?.access_token);
  },
});
