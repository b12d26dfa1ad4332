/** What an honest client is promised. An exchange that another version made says nothing about a thief. */
export const HONEST = [
  'neverLoggedOut',
  'oneSuccessor',
  'lifetimeKept',
  'cutIsFinal',
  'logoutIsFinal',
  'keyBelongsToToken',
  'storedTokenIsValid',
];

export const WITH_KEYS = [...HONEST, 'theftDetected', 'copyRejected'];

export const WITH_KEYS_AND_A_THIEF = [...WITH_KEYS, 'ownerIsNotStuck'];

/** A thief who exchanges first cannot be told from an owner who lost a response. Both must use their tokens. */
export const WITHOUT_KEYS_WITH_A_THIEF = [
  'oneSuccessor',
  'lifetimeKept',
  'cutIsFinal',
  'logoutIsFinal',
  'theftDetectedWithoutKeys',
];

/** What a row that records one exchange is enough for. */
export const WITH_ONE_RECORD = [
  'oneSuccessor',
  'lifetimeKept',
  'cutIsFinal',
  'theftDetected',
  'copyRejected',
  'ownerIsNotStuck',
];
