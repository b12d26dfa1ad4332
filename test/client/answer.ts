/** An error response, as the server would send it. */
export function answer(status: number, code: string, recovery: string): Response {
  const headers = { 'content-type': 'application/graphql-response+json' };
  const errors = [{ message: code, extensions: { code, reason: null, recovery } }];
  return new Response(JSON.stringify({ errors }), { status, headers });
}
