import { KEYS } from '../world.mjs';

/** Requests that a client without keys gives up in time. */
export const keyless = { keys: KEYS.none, isDelayed: false };

/** The smallest world with a thief: he copies R1 before it has a key. */
export const robbed = { tabs: 1, reloads: false, copies: 1, copiesOnlyTheFirstToken: true };

/** Two tabs create keys at the same moment. Nothing is delayed or lost. */
export const twoKeysAtOnce = {
  keys: KEYS.separate,
  isDelayed: false,
  losesResponses: false,
  pausesAfterStoring: true,
  reloads: false,
};
