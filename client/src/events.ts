import type { TandemSession } from './client.js';
import type { ErrorReason } from './error-enums.js';

/** A reason of the server; or the user has logged out, or logged in to another account in another tab. */
export type SignedOutReason = ErrorReason | 'SIGNED_OUT' | 'OTHER_ACCOUNT';

/** Why the store is empty, if the server said it. */
export type Reason = ErrorReason | null | undefined;

export interface TandemEvents {
  /** There are tokens: after a login here or in another tab, or because the store had them. */
  signedIn: TandemSession;
  /** There are newer tokens of the same session. */
  refreshed: TandemSession;
  signedOut: { reason: SignedOutReason };
  /** An operation requires a recent login. Ask for the password, call `reauthenticate`, and retry. */
  stepUpNeeded: undefined;
  /** The store failed. The tokens are in memory now: a reload is a logout. */
  storeFailed: { error: unknown };
}

export type Listener<Name extends keyof TandemEvents> = (event: TandemEvents[Name]) => void;

export interface Emitter {
  on<Name extends keyof TandemEvents>(name: Name, listener: Listener<Name>): () => void;
  emit<Name extends keyof TandemEvents>(name: Name, event?: TandemEvents[Name]): void;
  clear(): void;
}

export function emitter(): Emitter {
  const all = new Set<(name: string, event: never) => void>();
  return {
    on(name, listener) {
      const call = (emitted: string, event: never) => void (emitted === name && listener(event));
      all.add(call);
      return () => void all.delete(call);
    },
    emit(name, event) {
      // A listener that throws must not stop the client, and no listener runs in the middle of its steps.
      for (const call of all) queueMicrotask(() => all.has(call) && call(name, event as never));
    },
    clear: () => all.clear(),
  };
}
