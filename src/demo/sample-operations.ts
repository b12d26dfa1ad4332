/** The operations on the explorer page: a login as the demo account, a query that needs its token, and the refresh. */
export const sampleDocument = `# A web application that uses this API:
# npm run example, then http://localhost:5173

# 1. Run Login.
# The page keeps the tokens of the response.
mutation Login($login: LoginInput!) {
  login(input: $login) {
    tokenType
    authToken
    authTokenExpiresAt
    refreshToken
    refreshTokenExpiresAt
  }
}

# 2. Run Posts. The page has put the auth token
# into the headers.
query Posts {
  posts(first: 5) {
    edges {
      node {
        id
        title
        author {
          displayName
        }
      }
    }
  }
}

# 3. Run Refresh when the auth token has expired.
# The page fills in <refreshToken> in the variables.
mutation Refresh($refresh: RefreshTokenInput!) {
  refreshToken(input: $refresh) {
    authToken
    authTokenExpiresAt
    refreshToken
  }
}
`;

export const sampleVariables = {
  login: { email: 'ada@example.com', password: 'correct horse battery staple' },
  refresh: { refreshToken: '<refreshToken>' },
};
