import { DEMO_LOGIN } from './seed.js';

/** What a newcomer needs next. */
export function welcome(address: string): string {
  const endpoint = `${address}/graphql`;
  return `
Tandem is ready: ${endpoint}

  Explorer    open ${endpoint} in a browser
  Demo login  ${DEMO_LOGIN.email}  /  ${DEMO_LOGIN.password}
  From here   curl ${endpoint} -H 'content-type: application/json' \\
                -d '{"query":"mutation { login(input: { email: \\"${DEMO_LOGIN.email}\\", password: \\"${DEMO_LOGIN.password}\\" }) { authToken refreshToken } }"}'
`;
}
