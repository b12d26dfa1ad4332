import { DEMO_LOGIN } from './seed.js';

/** Printed at start outside production: the endpoint, and a first request. */
export function welcome(
  host: string,
  port: string,
  { explorer, cookieOrigins }: { readonly explorer: boolean; readonly cookieOrigins: readonly string[] | undefined },
): string {
  const endpoint = `http://${host === '0.0.0.0' ? 'localhost' : host}:${port}/graphql`;
  const origin = cookieOrigins ? ` -H 'origin: ${cookieOrigins[0]}' -c cookies` : '';
  return `
Tandem is ready: ${endpoint}

${explorer ? `  Explorer    open ${endpoint} in a browser\n` : ''}  Demo login  ${DEMO_LOGIN.email}  /  ${DEMO_LOGIN.password}
  From here   curl ${endpoint} -H 'content-type: application/json'${origin} \\
                -d '{"query":"mutation { login(input: { email: \\"${DEMO_LOGIN.email}\\", password: \\"${DEMO_LOGIN.password}\\" }) { authToken refreshToken } }"}'
`;
}
