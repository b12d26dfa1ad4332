import { NO_GRACE_FOR_ANOTHER_KEY } from './edits.mjs';
import { WITH_KEYS, WITH_KEYS_AND_A_THIEF } from './property-sets.mjs';
import { robbed } from './worlds.mjs';
import { KEYS, OTHER_VERSION } from '../world.mjs';

export const WEAKNESSES = [
  {
    name: 'a thief exchanges within a grace period of the owner, each time',
    world: robbed,
    fails: 'neverShared',
  },
  {
    name: 'the same, if another key always counted as reuse',
    edits: [NO_GRACE_FOR_ANOTHER_KEY],
    world: { ...robbed, generations: 4, isStrict: true },
    holds: ['neverShared'],
  },
  {
    name: 'every theft, if another key always counted as reuse',
    edits: [NO_GRACE_FOR_ANOTHER_KEY],
    world: { copies: 2, isStrict: true },
    holds: WITH_KEYS_AND_A_THIEF,
  },
  {
    name: 'honest clients, if another key always counted as reuse',
    edits: [NO_GRACE_FOR_ANOTHER_KEY],
    world: { tabs: 3, generations: 5, isStrict: true },
    holds: WITH_KEYS,
  },
  {
    name: 'no keys, and a thief who exchanges and uses nothing here',
    world: { ...robbed, keys: KEYS.none },
    fails: 'theftDetected',
  },
  {
    name: 'no keys, and a late request',
    world: { keys: KEYS.none, reloads: false },
    fails: 'neverLoggedOut',
  },
  {
    name: 'a thief whose exchange another version makes',
    world: { ...robbed, otherVersion: OTHER_VERSION.sometimes },
    fails: 'theftDetected',
  },
];
