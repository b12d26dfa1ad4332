import type { Clock } from './clock.js';
import type { Reason } from './events.js';

/** How tabs that share a store cooperate. Nothing depends on it: it saves requests, and lets all tabs react at once. */
export interface Tabs {
  /** Listens to the other tabs, which say that the store has changed, and why. They send no token. */
  join(onChanged: (reason?: Reason) => void): Membership;
  /** Lets one tab act at a time, if it acts quickly. */
  inTurn<T>(clock: Clock, act: () => Promise<T>): Promise<T>;
}

export interface Membership {
  announce(reason?: Reason): void;
  leave(): void;
}

const LONGEST_WAIT_MS = 2000;

/** The tabs of this origin that use the same name. */
export function tabsOf(name: string): Tabs {
  return {
    join(onChanged) {
      const channel = globalThis.BroadcastChannel && new BroadcastChannel(name);
      if (channel) channel.onmessage = ({ data }) => onChanged(data);
      // In Node, an open channel would keep the process alive.
      (channel as { unref?(): void } | undefined)?.unref?.();
      return { announce: (reason) => channel?.postMessage(reason), leave: () => channel?.close() };
    },

    async inTurn(clock, act) {
      const locks = globalThis.navigator?.locks;
      if (!locks) return act();
      // A tab that does not get the lock in time, such as when a frozen tab holds it, acts all the same.
      const release = await new Promise<(() => void) | undefined>((resolve) => {
        const waiting = new AbortController();
        const cancel = clock.after(LONGEST_WAIT_MS, () => waiting.abort());
        const held = locks.request(name, { signal: waiting.signal }, () => {
          cancel();
          return new Promise<void>((unlock) => resolve(unlock));
        });
        held.catch(() => {
          cancel();
          resolve(undefined);
        });
      });
      return act().finally(release);
    },
  };
}
