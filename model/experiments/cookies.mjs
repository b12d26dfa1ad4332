import { HONEST, WITHOUT_KEYS_WITH_A_THIEF } from './property-sets.mjs';
import { keyless } from './worlds.mjs';
import { KEYS, WRITES } from '../world.mjs';

/** The browser stores the cookie of each response, in whatever order the responses arrive. No request carries a key. */
const named = { ...keyless, writes: WRITES.newest };
const unnamed = { ...keyless, writes: WRITES.blind };

export const COOKIES = [
  { name: 'cookies named by generation', world: { ...named, tabs: 3, generations: 4 }, holds: HONEST },
  {
    name: 'cookies named by generation, a pause before each exchange',
    world: { ...named, tabs: 3, generations: 4, pausesAfterStoring: true },
    holds: HONEST,
  },
  { name: 'cookies named by generation, changePassword', world: { ...named, changesPassword: true }, holds: HONEST },
  {
    name: 'cookies named by generation, a thief',
    world: { writes: WRITES.newest, keys: KEYS.none, tabs: 1, copies: 1 },
    holds: WITHOUT_KEYS_WITH_A_THIEF,
  },
  { name: 'one cookie name', world: { ...unnamed, reloads: false }, fails: 'neverLoggedOut' },
  {
    name: 'one cookie name, a pause before each exchange',
    world: { ...unnamed, pausesAfterStoring: true },
    fails: 'neverLoggedOut',
  },
  {
    name: 'one cookie name, changePassword',
    world: { ...unnamed, changesPassword: true },
    fails: 'storedTokenIsValid',
  },
  {
    name: 'cookies named by generation, and a late request',
    world: { writes: WRITES.newest, keys: KEYS.none, reloads: false },
    fails: 'neverLoggedOut',
  },
  {
    name: 'cookies named by generation, and two tabs with keys of their own',
    world: { ...named, keys: KEYS.separate, generations: 2 },
    fails: 'neverLoggedOut',
  },
];
