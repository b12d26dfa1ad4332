import { HONEST, WITH_KEYS, WITH_KEYS_AND_A_THIEF, WITHOUT_KEYS_WITH_A_THIEF } from './property-sets.mjs';
import { keyless } from './worlds.mjs';
import { KEYS, OTHER_VERSION } from '../world.mjs';

export const BIG = [
  { name: 'keys, 4 tabs', world: { tabs: 4, generations: 5 }, holds: WITH_KEYS },
  {
    name: 'keys, changePassword and logout, 4 exchanges',
    world: { tabs: 3, generations: 5, changesPassword: true, logsOut: true },
    holds: [...WITH_KEYS, 'logoutArrives'],
  },
  {
    name: 'keys, a thief who copies twice, 3 exchanges',
    world: { generations: 4, copies: 2 },
    holds: WITH_KEYS_AND_A_THIEF,
  },
  {
    name: 'keys, a thief and changePassword, 3 exchanges',
    world: { generations: 4, copies: 1, changesPassword: true },
    holds: WITH_KEYS_AND_A_THIEF,
  },
  { name: 'keys, a thief, 3 tabs', world: { tabs: 3, copies: 1 }, holds: WITH_KEYS_AND_A_THIEF },
  {
    name: 'no keys, nothing delayed, a pause before each exchange, 4 exchanges',
    world: { ...keyless, tabs: 3, generations: 5, pausesAfterStoring: true },
    holds: HONEST,
  },
  {
    name: 'no keys, nothing delayed, half grace periods',
    world: { ...keyless, tickMs: 5000, generations: 4 },
    holds: HONEST,
  },
  { name: 'no keys, a thief, 2 tabs', world: { keys: KEYS.none, copies: 1 }, holds: WITHOUT_KEYS_WITH_A_THIEF },
  {
    name: 'another version, keys, 3 tabs',
    world: { otherVersion: OTHER_VERSION.sometimes, tabs: 3, generations: 5 },
    holds: HONEST,
  },
];
