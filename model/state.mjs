import { KEYS } from './world.mjs';
import { NOW_MS, longAgoMs } from './time.mjs';

/** Somebody has logged in, long ago, and the store of the client holds R1. */
export function firstState(world) {
  return {
    /** The session. All but isRevoked is the ExchangeState of the server. */
    row: {
      generation: 1,
      exchangeKeys: '',
      exchangeKeysGeneration: 1,
      cutGeneration: 0,
      rotatedAtMs: NOW_MS - longAgoMs(world),
      confirmedAtMs: null,
      isRevoked: false,
    },
    /** What only the properties look at: who exchanged R1, R2, … with which key, and who used which auth token. */
    exchanges: [],
    uses: [],
    areOthersRevoked: false, // the other sessions of the account
    /** What all tabs share. It is null after a logout. */
    store: storedToken(world, 1, longAgoMs(world)),
    tabs: Array.from({ length: world.tabs }, () => tabAt('idle')),
    /** Every refresh that a tab ever sent, and every logout. */
    requests: [],
    logouts: [],
    passwordChange: 'none', // or sent, served, lost, done
    thief: { copiesLeft: world.copies, tokens: [], keys: [], hasActed: false },
  };
}

export function storedToken(world, generation, ageMs) {
  return { generation, key: keyFromStart(world, generation), ageMs };
}

function keyFromStart({ keys }, generation) {
  if (keys === KEYS.withPair) return `${generation}`;
  return keys === KEYS.oneSecret ? 'secret' : '';
}

/** A tab, the token and key that it holds in its memory, and how long ago it read the store. */
export function tabAt(at, generation = 0, key = '', ageMs = 0) {
  return { at, generation, key, ageMs };
}

/** The list with the item, once, in an order that does not depend on when the items were added. */
export function including(list, item) {
  const text = fingerprintOf(item);
  if (list.some((other) => fingerprintOf(other) === text)) return list;
  return [...list, item].sort((one, other) => (fingerprintOf(one) < fingerprintOf(other) ? -1 : 1));
}

/** A text that two states share only if the search need not tell them apart. */
export function fingerprint(state, world) {
  // Where keys bear the name of a tab, the tabs differ.
  const areTabsAlike = world.keys !== KEYS.separate && world.keys !== KEYS.readBack && !world.oldTab;
  if (!areTabsAlike) return fingerprintOf(state);
  return fingerprintOf({ ...state, tabs: state.tabs.map(fingerprintOf).sort() });
}

function fingerprintOf(value) {
  if (value === null || typeof value !== 'object') return `${value}`;
  let text = '(';
  for (const name in value) text += `${fingerprintOf(value[name])},`;
  return `${text})`;
}
