import type { ErrorReason } from './error-enums.js';

/** Why nobody is signed in any more: a reason of the server, or what happened in this browser. */
export type SignedOutReason = ErrorReason | 'SIGNED_OUT' | 'SIGNED_OUT_ELSEWHERE' | 'OTHER_ACCOUNT';

export interface TandemEvents {
  /** There are tokens: after a login here or in another tab, or because the store had them. */
  signedIn: { accountId: string; sessionId: string };
  /** There are newer tokens of the same session. */
  refreshed: { accountId: string; sessionId: string };
  signedOut: { reason: SignedOutReason };
  /** An operation requires a recent login. Ask for the password, call `reauthenticate`, and retry. */
  stepUpNeeded: undefined;
  /** The store failed. The tokens are in memory now: a reload is a logout. */
  storeFailed: { error: unknown };
}

export type Listener<Name extends keyof TandemEvents> = (event: TandemEvents[Name]) => void;

export interface Emitter {
  on<Name extends keyof TandemEvents>(name: Name, listener: Listener<Name>): () => void;
  emit<Name extends keyof TandemEvents>(name: Name, event: TandemEvents[Name]): void;
  clear(): void;
}

export function emitter(): Emitter {
  let all: { name: string; call: (event: never) => void }[] = [];
  return {
    on(name, call) {
      const entry = { name, call };
      all.push(entry);
      return () => (all = all.filter((other) => other !== entry));
    },
    emit(name, event) {
      for (const entry of all) {
        // A listener that throws must not stop the client, and no listener runs in the middle of its steps.
        if (entry.name === name) queueMicrotask(() => all.includes(entry) && entry.call(event as never));
      }
    },
    clear() {
      all = [];
    },
  };
}
