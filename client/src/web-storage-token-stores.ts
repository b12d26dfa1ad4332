import { tabsOf } from './tabs.js';
import type { StoredTokens } from './token-pair.js';
import type { TokenStore } from './token-store.js';
import { withFallback } from './with-fallback.js';

/**
 * `localStorage`, where IndexedDB is not available. It cannot compare and set in one step, so the client sends no idempotency
 * keys: a request that is late by more than a grace period can cost a login. Not for `sessionStorage`: see `tabTokenStore`.
 */
export function webStorageTokenStore(storage: Storage = localStorage, name = 'tandem-client'): TokenStore {
  const read = async () => parsed(storage.getItem(name));
  return withFallback({
    sendsKeys: false,
    tabs: tabsOf(name),
    read,
    async update(change) {
      const stored = await read();
      const next = change(stored);
      if (!next) storage.removeItem(name);
      else if (next !== stored) storage.setItem(name, JSON.stringify(next));
      return next;
    },
  });
}

/**
 * For public computers: survives a reload, and is gone when the tab is closed. The tokens are in `sessionStorage` only while
 * the page is reloaded. A duplicated tab copies `sessionStorage`, so otherwise two tabs would exchange the same refresh token.
 */
export function tabTokenStore(name = 'tandem-client'): TokenStore {
  // Once per page, because the second one would find nothing.
  const store = tabStores.get(name) ?? openTabStore(name);
  tabStores.set(name, store);
  return store;
}

const tabStores = new Map<string, TokenStore>();

function openTabStore(name: string): TokenStore {
  let stored = take();

  function take(): StoredTokens | undefined {
    const text = sessionStorage.getItem(name);
    sessionStorage.removeItem(name);
    return parsed(text);
  }

  addEventListener('pagehide', () => {
    if (stored) sessionStorage.setItem(name, JSON.stringify(stored));
  });
  // The browser kept this page in memory while the user was on another one, which may have changed the tokens.
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) stored = take();
  });
  return withFallback({
    sendsKeys: true,
    read: async () => stored,
    update: async (change) => (stored = change(stored)),
  });
}

/** Undefined for what is not JSON. The client checks the rest. */
export function parsed(text: string | null): StoredTokens | undefined {
  try {
    return (JSON.parse(text ?? 'null') as StoredTokens | null) ?? undefined;
  } catch {
    return undefined;
  }
}
