import { HONEST, WITH_KEYS, WITH_KEYS_AND_A_THIEF, WITHOUT_KEYS_WITH_A_THIEF } from './property-sets.mjs';
import { keyless } from './worlds.mjs';
import { KEYS, OTHER_VERSION } from '../world.mjs';

export const PROMISES = [
  { name: 'keys', world: { tabs: 3, generations: 5 }, holds: WITH_KEYS },
  { name: 'keys, time in half grace periods', world: { tabs: 3, generations: 4, tickMs: 5000 }, holds: WITH_KEYS },
  { name: 'keys, changePassword', world: { tabs: 3, generations: 4, changesPassword: true }, holds: WITH_KEYS },
  { name: 'keys, logout', world: { tabs: 3, generations: 4, logsOut: true }, holds: [...WITH_KEYS, 'logoutArrives'] },
  {
    name: 'keys, logout and changePassword',
    world: { changesPassword: true, logsOut: true },
    holds: [...WITH_KEYS, 'logoutArrives'],
  },
  {
    name: 'keys, logout(everywhere)',
    world: { generations: 4, logsOutEverywhere: true },
    holds: [...WITH_KEYS, 'logoutArrives', 'everywhereReachesAll'],
  },
  { name: 'keys, a thief who copies twice', world: { copies: 2 }, holds: WITH_KEYS_AND_A_THIEF },
  { name: 'keys, a thief, 3 exchanges', world: { tabs: 1, generations: 4, copies: 1 }, holds: WITH_KEYS_AND_A_THIEF },
  {
    name: 'keys, a thief and changePassword',
    world: { copies: 1, changesPassword: true },
    holds: WITH_KEYS_AND_A_THIEF,
  },
  { name: 'no keys, nothing delayed', world: { ...keyless, tabs: 3, generations: 4 }, holds: HONEST },
  {
    name: 'no keys, nothing delayed, changePassword and logout',
    world: { ...keyless, changesPassword: true, logsOut: true },
    holds: [...HONEST, 'logoutArrives'],
  },
  {
    name: 'no keys, nothing delayed, a pause before each exchange',
    world: { ...keyless, tabs: 3, generations: 4, pausesAfterStoring: true },
    holds: HONEST,
  },
  {
    name: 'no keys, nothing delayed, a pause before each exchange, the store compared and written in two steps',
    world: { ...keyless, generations: 4, pausesAfterStoring: true, comparesThenWrites: true },
    holds: HONEST,
  },
  {
    name: 'no keys, a thief',
    world: { keys: KEYS.none, tabs: 1, copies: 1 },
    holds: WITHOUT_KEYS_WITH_A_THIEF,
  },
  {
    name: 'another version, keys',
    world: { otherVersion: OTHER_VERSION.sometimes, generations: 4 },
    holds: HONEST,
  },
  {
    name: 'another version, keys, changePassword and logout',
    world: { otherVersion: OTHER_VERSION.sometimes, changesPassword: true, logsOut: true },
    holds: [...HONEST, 'logoutArrives'],
  },
  {
    name: 'another version, keys, a thief',
    world: { otherVersion: OTHER_VERSION.sometimes, tabs: 1, copies: 1 },
    holds: [...HONEST, 'ownerIsNotStuck'],
  },
  {
    name: 'another version, no keys, nothing delayed',
    world: { ...keyless, otherVersion: OTHER_VERSION.sometimes, generations: 4 },
    holds: HONEST,
  },
  {
    name: 'another version makes every exchange, no keys',
    world: { keys: KEYS.none, otherVersion: OTHER_VERSION.always, generations: 4 },
    holds: HONEST,
  },
];
