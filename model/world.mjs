/** How the tabs of a client come by an idempotency key. */
export const KEYS = {
  none: 'none',
  /** One atomic step reads the token and adds a fresh key if there is none: duty 2. */
  atomic: 'atomic',
  /** One step reads the token, a later one writes the key. */
  separate: 'separate',
  /** Like `separate`, and a third step reads the key that the store holds by then. */
  readBack: 'readBack',
  /** The key is created with the pair, long before the exchange. */
  withPair: 'withPair',
  /** All keys are derived from one secret that the store holds. */
  oneSecret: 'oneSecret',
};

/** How the pair of a response reaches the store. */
export const WRITES = {
  /** The client replaces the token that it sent, unless the store holds another one by now: duty 3. */
  compared: 'compared',
  /** The browser overwrites the one cookie. */
  blind: 'blind',
  /** The browser adds a cookie of this generation, and requests use the newest one. */
  newest: 'newest',
};

/** Who rotates a current token without recording the exchange: nobody, perhaps another version of the server, or always. */
export const OTHER_VERSION = { absent: 'absent', sometimes: 'sometimes', always: 'always' };

/** What every world starts from: the bounds, an honest client that neglects no duty, and any network. */
const USUAL = {
  tabs: 2,
  generations: 3, // The last generation of a refresh token. There are as many exchanges as come before it.
  tickMs: 10_000, // How far one step of time goes: a whole grace period, or a part of it.
  otherVersion: OTHER_VERSION.absent,

  keys: KEYS.atomic,
  writes: WRITES.compared,
  oldTab: false, // Tab B runs an old version of the front-end, which sends no key.
  changesPassword: false,
  logsOut: false,
  logsOutEverywhere: false,
  pausesAfterStoring: false, // A new token is not exchanged within a grace period after it was stored.

  reloads: true, // A tab can be reloaded between any two steps.
  isDelayed: true, // A request may arrive at any time. If not: at most a grace period after its tab read the store.
  delayCountsFromSending: false, // If requests are not delayed: the grace period begins when the request is sent.
  losesResponses: true,

  copies: 0, // How often the thief copies the store.
  copiesOnlyTheFirstToken: false, // The thief copies R1 before it has a key.

  // The duties of the client that it neglects
  comparesThenWrites: false, // The store is compared and written in two steps.
  usesBeforeStoring: false, // The new auth token is used before the pair is stored.
  comparesAfterPasswordChange: false, // The pair of changePassword is stored only if the store holds the token from before.
  staysIfSuperseded: false, // A tab that is told to use newer tokens, and has none, does not log out.
  dropsPairAfterLogout: false, // A pair that arrives after a logout is dropped without a logout of its own.
  logsOutWithRefreshToken: false, // logout(everywhere) carries the refresh token instead of the auth token.

  // The parts of the server outside the decision
  repeatExtendsLifetime: false,

  isStrict: false, // theftDetected and copyRejected also count within the grace period after the rotation.
  checked: [], // names of properties
};

/** A world with the functions of the server in it. */
export function worldOf(rule, changes) {
  for (const name of Object.keys(changes)) {
    if (!(name in USUAL)) throw new Error(`A world has no ${name}.`);
  }
  return { ...USUAL, ...changes, rule };
}
