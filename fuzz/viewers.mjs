const ATTACKER = '203.0.113.9';

/** Who sends a request: mostly somebody with a valid auth token. Returns what the request and its document need. */
export function viewer(choose, world, { expired }) {
  const account = choose.pick(world.accounts);
  const session = choose.pick(account.sessions);
  const isValid = !choose.chance(15);
  const token = isValid
    ? session.authToken
    : choose.pick([
        undefined,
        expired,
        session.refreshToken,
        `${session.authToken.slice(0, -4)}AAAA`,
        'a.b.c',
        ...world.previousAuthTokens.slice(-3),
      ]);
  const address = choose.chance(5) ? ATTACKER : `198.51.100.${choose.int(256)}`;
  return { world, account, session, isValid, token, address };
}

/** The bytes of the request. */
export function requestBytes(choose, { token, address }, { kind, body }, isLast) {
  const url = `/graphql?${new URLSearchParams({ query: body.query, ...(body.variables && { variables: JSON.stringify(body.variables) }) })}`;
  const isGet = kind === 'query' && url.length < 6000 && choose.chance(20);
  const json = Buffer.from(JSON.stringify(body));
  const head = [
    `${isGet ? `GET ${url}` : 'POST /graphql'} HTTP/1.1`,
    'host: localhost',
    `connection: ${isLast ? 'close' : 'keep-alive'}`,
    `x-forwarded-for: ${address}`,
    `user-agent: fuzzer/${choose.int(5)}`,
    ...(choose.chance(30) ? ['accept: application/graphql-response+json'] : []),
    ...(token === undefined ? [] : [`authorization: Bearer ${token}`]),
    'content-type: application/json',
    ...(isGet ? [] : [`content-length: ${json.length}`]),
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), isGet ? Buffer.alloc(0) : json]);
}
