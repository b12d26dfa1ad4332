import type { GraphQLReply, RequestOptions, Tandem } from './harness.js';

/** A cookie as a Set-Cookie header describes it. */
export interface ReceivedCookie {
  readonly name: string;
  readonly value: string;
  readonly attributes: readonly string[];
}

/** What a browser does with the cookies of one host. */
export interface CookieBrowser {
  /** The stored cookies by name. Tests may change them. */
  readonly jar: Map<string, string>;
  /** Sends an operation with the stored cookies. The response is not received yet: `receive` stores its cookies. */
  request(query: string, variables?: object, options?: RequestOptions): Promise<GraphQLReply>;
  receive(reply: GraphQLReply): GraphQLReply;
  /** Sends an operation and receives the response. */
  send(query: string, variables?: object, options?: RequestOptions): Promise<GraphQLReply>;
}

export const FRONT_END = 'https://app.example.com';

/** A server in cookie mode that accepts the origin FRONT_END. */
export const COOKIE_MODE = { REFRESH_TOKEN_TRANSPORT: 'cookie', CORS_ORIGINS: FRONT_END };

export function cookieBrowser(tandem: Pick<Tandem, 'send'>, origin = FRONT_END): CookieBrowser {
  const jar = new Map<string, string>();
  const browser: CookieBrowser = {
    jar,
    request(query, variables = {}, { token, headers = {} } = {}) {
      const cookie = Array.from(jar, ([name, value]) => `${name}=${value}`).join('; ');
      const sent = { origin, 'sec-fetch-site': 'same-site', ...(cookie && { cookie }), ...headers };
      return tandem.send(query, variables, { token, headers: sent });
    },
    receive(reply) {
      for (const { name, value, attributes } of cookiesOf(reply)) {
        if (attributes.includes('Max-Age=0')) jar.delete(name);
        else jar.set(name, value);
      }
      return reply;
    },
    send: async (...operation) => browser.receive(await browser.request(...operation)),
  };
  return browser;
}

export function cookiesOf({ headers }: GraphQLReply): ReceivedCookie[] {
  return headers.getSetCookie().map((header) => {
    const [pair = '', ...attributes] = header.split('; ');
    const [name = '', value = ''] = pair.split('=');
    return { name, value, attributes };
  });
}
