import { createValue } from '../shell/value';
import { tandem } from '../tandem';

const EVENTS = {
  signedIn: 'Logged in',
  refreshed: 'Refreshed',
  signedOut: 'Logged out',
  stepUpNeeded: 'A recent login is required',
  storeFailed: 'The tokens are in memory only',
} as const;
const SHOWN = 6;

interface Entry {
  key: number;
  at: Date;
  text: string;
}

/** The last events of the client, newest first. */
export const tokenEvents = createValue<readonly Entry[]>([]);
let count = 0;
for (const name of ['signedIn', 'refreshed', 'signedOut', 'stepUpNeeded', 'storeFailed'] as const) {
  tandem.on(name, () =>
    tokenEvents.set([{ key: count++, at: new Date(), text: EVENTS[name] }, ...tokenEvents.get()].slice(0, SHOWN)),
  );
}
