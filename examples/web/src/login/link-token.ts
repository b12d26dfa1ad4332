import { useState } from 'react';

/** The token of the link in a mail. It leaves the address bar and the history at once. */
export function useLinkToken(): string | undefined {
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get('token') ?? undefined);
  if (token && location.hash) history.replaceState(null, '', location.pathname);
  return token;
}
