/** What run.mjs calls in each tab. A client has `start`, `logIn`, `logOut`, `isSignedIn` and `read`, which rejects with what a user sees. */
export function servePage(client) {
  globalThis.tab = {
    ...client,
    async operate(count) {
      const errors = [];
      // An application shows its login page to whoever is logged out.
      for (let number = 0; number < count && (await client.isSignedIn()); number++) {
        await client.read().catch((error) => errors.push(String(error?.message ?? error)));
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      return errors;
    },
  };
}

export const PAIR =
  'authToken refreshToken serverTime refreshAfter authTokenExpiresAt refreshTokenExpiresAt session { id } account { id }';
export const LOGIN = `mutation Login($input: LoginInput!) { login(input: $input) { ${PAIR} } }`;
export const REFRESH = `mutation Refresh($input: RefreshTokenInput!) { refreshToken(input: $input) { ${PAIR} } }`;
export const READ = 'query Read { me { id } }';

/** Sends an operation without any client. */
export async function post(query, variables = {}, authToken, fetcher = fetch) {
  const headers = { 'content-type': 'application/json', ...(authToken && { authorization: `Bearer ${authToken}` }) };
  const response = await fetcher('/graphql', { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  const { data, errors } = await response.json();
  if (errors) throw new Error(errors[0].message);
  return data;
}

export const logInWithTandem = async () =>
  (await post(LOGIN, { input: { email: 'ada@example.com', password: 'x' } })).login;
