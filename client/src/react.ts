import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { TandemClient, TandemSession } from './client.js';

const EVENTS = ['signedIn', 'refreshed', 'signedOut'] as const;

/** Who is signed in. Null: nobody. Undefined, also on a server: not known yet, because the store was not read. */
export function useSession(tandem: TandemClient): TandemSession | null | undefined {
  const [known, setKnown] = useState<TandemClient>();
  useEffect(() => void tandem.ready.then(() => setKnown(tandem)), [tandem]);
  const subscribe = useCallback(
    (onChange: () => void) => {
      const removers = EVENTS.map((name) => tandem.on(name, onChange));
      return () => removers.forEach((remove) => remove());
    },
    [tandem],
  );
  const session = useSyncExternalStore(subscribe, tandem.session, () => undefined);
  return known === tandem ? (session ?? null) : undefined;
}
