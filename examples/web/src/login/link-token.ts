import { useEffect, useState } from 'react';

/** The token of the link in a mail. It leaves the address bar and the history at once. */
export function useLinkToken(): string | undefined {
  const [token, setToken] = useState(tokenInUrl);
  useEffect(() => {
    function take() {
      const found = tokenInUrl();
      if (!found) return;
      setToken(found);
      history.replaceState(null, '', location.pathname);
    }
    take();
    addEventListener('hashchange', take);
    return () => removeEventListener('hashchange', take);
  }, []);
  return token;
}

function tokenInUrl(): string | undefined {
  return new URLSearchParams(location.hash.slice(1)).get('token') ?? undefined;
}
