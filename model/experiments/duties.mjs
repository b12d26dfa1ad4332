import { keyless } from './worlds.mjs';
import { KEYS } from '../world.mjs';

export const DUTIES = [
  {
    name: 'two tabs create keys in separate steps',
    world: { keys: KEYS.separate, reloads: false, generations: 2 },
    fails: 'neverLoggedOut',
  },
  {
    name: 'two tabs create keys in separate steps, nothing is delayed, a response is lost',
    world: { keys: KEYS.separate, isDelayed: false, generations: 2 },
    fails: 'neverLoggedOut',
  },
  {
    name: 'the key is read back before it is sent',
    world: { keys: KEYS.readBack, reloads: false, generations: 2 },
    fails: 'neverLoggedOut',
  },
  {
    name: 'a key survives its token',
    world: { keys: KEYS.separate },
    fails: 'keyBelongsToToken',
  },
  {
    name: 'the key is created with the pair',
    world: { keys: KEYS.withPair, tabs: 1, reloads: false, copies: 1 },
    fails: 'theftDetected',
  },
  {
    name: 'keys are derived from a secret in the store',
    world: { keys: KEYS.oneSecret, tabs: 1, reloads: false, copies: 1 },
    fails: 'theftDetected',
  },
  {
    name: 'a tab of an old version sends no key',
    world: { oldTab: true, isDelayed: false, pausesAfterStoring: true },
    fails: 'neverLoggedOut',
  },
  {
    name: 'the store is compared and written in two steps',
    world: { comparesThenWrites: true, reloads: false },
    fails: 'neverLoggedOut',
  },
  {
    name: 'the store is compared and written in two steps, and a tab logs out',
    world: { comparesThenWrites: true, logsOut: true },
    fails: 'logoutIsFinal',
  },
  {
    name: 'the auth token is used before the pair is stored',
    world: { usesBeforeStoring: true, tabs: 1, generations: 2 },
    fails: 'neverLoggedOut',
  },
  {
    name: 'a pair that arrives after a logout is dropped',
    world: { dropsPairAfterLogout: true, changesPassword: true, logsOut: true },
    fails: 'logoutArrives',
  },
  {
    name: 'the pair of changePassword is stored only if the store is unchanged',
    world: { comparesAfterPasswordChange: true, changesPassword: true },
    fails: 'storedTokenIsValid',
  },
  {
    name: 'a tab that is told to use newer tokens, and has none, does not log out',
    world: { staysIfSuperseded: true, tabs: 1, reloads: false, copies: 1 },
    fails: 'ownerIsNotStuck',
  },
  {
    name: 'logout(everywhere) carries the refresh token',
    world: { logsOutEverywhere: true, logsOutWithRefreshToken: true },
    fails: 'everywhereReachesAll',
  },
  {
    name: 'no keys, and the time limit of a request begins when it is sent',
    world: { ...keyless, delayCountsFromSending: true, pausesAfterStoring: true, reloads: false },
    fails: 'neverLoggedOut',
  },
];
