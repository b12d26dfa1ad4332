import { NO_GRACE_FOR_ANOTHER_KEY, ONE_RECORD, TWO_RECORDS } from './edits.mjs';
import { WITH_ONE_RECORD } from './property-sets.mjs';
import { keyless, robbed, twoKeysAtOnce } from './worlds.mjs';
import { KEYS, OTHER_VERSION } from '../world.mjs';

/** Edits of the compiled functions of the server. If an edited line changes, its text here has to change too. */
export const BRANCHES = [
  {
    name: 'without the cut',
    edits: [['if (generation < row.cutGeneration)', 'if (false)']],
    world: { changesPassword: true },
    fails: 'cutIsFinal',
  },
  {
    name: 'the current token is not rotated',
    edits: [['if (generation === row.generation)', 'if (false)']],
    world: {},
    fails: 'storedTokenIsValid',
  },
  {
    name: 'the key makes no difference',
    edits: [['recorded === keyHash || isUnrecorded', 'true']],
    world: robbed,
    fails: 'theftDetected',
  },
  {
    name: 'every request counts as another exchange',
    edits: [['recorded === keyHash || isUnrecorded', 'isUnrecorded']],
    world: { tabs: 1 },
    fails: 'neverLoggedOut',
  },
  {
    name: 'no repeat while the successor is unseen',
    edits: [['row.confirmedAtMs === null || Math.abs', 'row.confirmedAtMs !== null && Math.abs']],
    world: { tabs: 1 },
    fails: 'neverLoggedOut',
  },
  {
    name: 'no grace period from the first sight',
    edits: [[' || Math.abs(nowMs - row.confirmedAtMs) <= graceMs', '']],
    world: { ...keyless, pausesAfterStoring: true, reloads: false },
    fails: 'neverLoggedOut',
  },
  {
    name: 'no grace period for another key',
    edits: [NO_GRACE_FOR_ANOTHER_KEY],
    world: twoKeysAtOnce,
    fails: 'neverLoggedOut',
  },
  {
    name: 'the grace period for another key begins with the first sight',
    edits: [['(isSameExchange ? isJustSeen : isJustRotated)', 'isJustSeen']],
    world: robbed,
    fails: 'theftDetected',
  },
  {
    name: 'a token two exchanges old is repeated too',
    edits: [['generation === row.generation - 1 && ', '']],
    world: {},
    fails: 'oneSuccessor',
  },
  {
    name: 'a late request with its key is not superseded',
    edits: [['keyHash !== NO_KEY || isJustRotated', 'isJustRotated']],
    world: { reloads: false },
    fails: 'neverLoggedOut',
  },
  {
    name: 'an older request without a key is never superseded',
    edits: [['keyHash !== NO_KEY || isJustRotated', 'keyHash !== NO_KEY']],
    world: { ...keyless, reloads: false },
    fails: 'neverLoggedOut',
  },
  {
    name: 'an older request without a key is always superseded',
    edits: [['(keyHash !== NO_KEY || isJustRotated || isUnrecorded)', 'true']],
    world: { ...robbed, keys: KEYS.none },
    fails: 'theftDetectedWithoutKeys',
  },
  {
    name: 'a superseded request is given the newest pair',
    edits: [["outcome: 'superseded', cause: 'the request belongs", "outcome: 'repeat', cause: 'the request belongs"]],
    world: {},
    fails: 'oneSuccessor',
  },
  {
    name: 'another key is superseded instead of reuse',
    edits: [["outcome: 'reuse', cause: 'the token was exchanged with", "outcome: 'superseded', cause: 'with"]],
    world: robbed,
    fails: 'theftDetected',
  },
  {
    name: 'a previous token without a key is superseded instead of reuse',
    edits: [["outcome: 'reuse', cause: 'the token was exchanged, and", "outcome: 'superseded', cause: 'and"]],
    world: { ...robbed, keys: KEYS.none },
    fails: 'theftDetectedWithoutKeys',
  },
  {
    name: 'a token from before the recorded exchanges is superseded instead of reuse',
    edits: [
      ONE_RECORD,
      ["outcome: 'reuse', cause: 'the token was exchanged too", "outcome: 'superseded', cause: 'too"],
    ],
    world: robbed,
    fails: 'theftDetected',
  },
  {
    name: 'one recorded exchange: thefts are detected',
    edits: [ONE_RECORD],
    world: { copies: 1 },
    holds: WITH_ONE_RECORD,
  },
  { name: 'one recorded exchange', edits: [ONE_RECORD], world: { reloads: false }, fails: 'neverLoggedOut' },
  {
    name: 'two recorded exchanges',
    edits: [TWO_RECORDS],
    world: { generations: 4, reloads: false },
    fails: 'neverLoggedOut',
  },
  {
    name: 'an exchange that another version made counts as made with another key',
    edits: [['recorded === keyHash || isUnrecorded', 'recorded === keyHash']],
    world: { otherVersion: OTHER_VERSION.sometimes },
    fails: 'neverLoggedOut',
  },
  {
    name: 'an exchange that another version made counts as made without a key',
    edits: [['isJustRotated || isUnrecorded)', 'isJustRotated)']],
    world: { keys: KEYS.none, otherVersion: OTHER_VERSION.always },
    fails: 'neverLoggedOut',
  },
  {
    name: 'the last exchange was made by another version, and nothing notices',
    edits: [['if (exchangesSince < 0)', 'if (false)']],
    world: { otherVersion: OTHER_VERSION.sometimes },
    fails: 'neverLoggedOut',
  },
  {
    name: 'exchanges of another version leave no gap in the record',
    edits: [['+ UNRECORDED.repeat(unrecorded) +', '+']],
    world: { otherVersion: OTHER_VERSION.sometimes },
    fails: 'neverLoggedOut',
  },
  {
    name: 'a gap in the record counts as a key',
    edits: [["hash === UNRECORDED ? 'unrecorded' : hash", 'hash']],
    world: { otherVersion: OTHER_VERSION.sometimes },
    fails: 'neverLoggedOut',
  },
  {
    name: 'a repeat extends the lifetime',
    world: { tabs: 1, repeatExtendsLifetime: true },
    fails: 'lifetimeKept',
  },
];
