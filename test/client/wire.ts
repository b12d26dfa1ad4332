export interface SentRequest {
  operationName: string;
  authorization: string | null;
  redirect: RequestInit['redirect'];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the variables depend on the operation
  variables: any;
}

export interface Wire {
  fetch: typeof fetch;
  sent: SentRequest[];
  /** How many requests of this operation were sent. */
  count(operationName: string): number;
  /** Called for each request instead of the network. `deliver` sends the request to the server. */
  intercept: ((request: SentRequest, deliver: () => Promise<Response>) => Promise<Response>) | undefined;
}

/** The network between a client and the server. */
export function wire(): Wire {
  const sent: SentRequest[] = [];
  const self: Wire = {
    sent,
    count: (name) => sent.filter(({ operationName }) => operationName === name).length,
    intercept: undefined,
    async fetch(input, init) {
      const body = JSON.parse(String(init?.body)) as SentRequest & { query?: string };
      const { query, operationName = operationIn(query), variables } = body;
      const authorization = new Headers(init?.headers).get('authorization');
      const request = { operationName, variables, authorization, redirect: init?.redirect };
      sent.push(request);
      const deliver = () => fetch(input, init);
      return self.intercept ? self.intercept(request, deliver) : deliver();
    },
  };
  return self;
}

/** The name of the only operation of a document. */
export function operationIn(query = ''): string {
  return /\w+\s+(\w+)/.exec(query)?.[1] ?? '';
}

/** A moment that a test waits for, or lets others wait for. */
export function gate(): { opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
