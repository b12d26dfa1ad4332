export interface SentRequest {
  operationName: string;
  authorization: string | null;
}

export interface Wire {
  fetch: typeof fetch;
  sent: SentRequest[];
  /** How many requests of this operation were sent. */
  count(operationName: string): number;
  /** Called before a request reaches the server. If it returns a response, the server does not receive the request. */
  intercept: ((request: SentRequest) => Promise<Response | undefined>) | undefined;
}

/** The network between a client and the server. */
export function wire(): Wire {
  const sent: SentRequest[] = [];
  const self: Wire = {
    sent,
    count: (name) => sent.filter(({ operationName }) => operationName === name).length,
    intercept: undefined,
    async fetch(input, init) {
      const { operationName } = JSON.parse(String(init?.body)) as { operationName: string };
      const request = { operationName, authorization: new Headers(init?.headers).get('authorization') };
      sent.push(request);
      return (await self.intercept?.(request)) ?? fetch(input, init);
    },
  };
  return self;
}
