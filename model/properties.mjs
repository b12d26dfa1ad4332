import { KEYS } from './world.mjs';
import { exchange } from './server.mjs';
import { isWithinGrace } from './time.mjs';
import { hasUsed } from './uses.mjs';

/** What must hold. A world names the properties that it checks. */
export const PROPERTIES = {
  neverLoggedOut: 'An honest client is never logged out.',
  theftDetected: 'If a thief exchanged a token, its owner who presents it too revokes the session.',
  copyRejected: 'If the owner exchanged a token, a thief who presents it too, without its key, revokes the session.',
  theftDetectedWithoutKeys:
    'Once owner and thief have used tokens here, presenting a previous token revokes the session.',
  oneSuccessor: 'A token leads to no token but the next.',
  lifetimeKept: 'A repeat extends no lifetime.',
  ownerIsNotStuck: 'While a thief keeps the session, its owner can end it.',
  cutIsFinal: 'After a cut, no token from before is accepted or revokes anything.',
  logoutIsFinal: 'After a logout, the store holds no token.',
  logoutArrives: 'After a logout, no valid token of the session is left unless a message that ends it is in flight.',
  everywhereReachesAll: 'logout(everywhere) revokes the other sessions too.',
  keyBelongsToToken: 'The key in the store was created for the token next to it.',
  storedTokenIsValid: 'The token in the store can be exchanged.',
  neverShared: 'Owner and thief never hold the same newest token.',
};

/** What is wrong with a response: [property, text] for each problem with a property that the world checks. */
export function judgeResponse(before, world, request, by, response) {
  const wrong = [
    ...problemsOfResponse(before, request, by, response),
    ...problemsOfTheft(before, world, request, by, response),
  ];
  return wrong.filter(([property]) => world.checked.includes(property));
}

function problemsOfResponse({ row, thief, logouts }, { generation }, by, response) {
  const { outcome, successor } = response;
  const wrong = [];
  if (outcome === 'repeat' && response.row.rotatedAtMs !== row.rotatedAtMs) {
    wrong.push(['lifetimeKept', `a repeat of R${generation} moved the end of the session's life`]);
  }
  if (successor && successor !== generation + 1) {
    wrong.push(['oneSuccessor', `R${generation} and R${successor - 1} both lead to R${successor}`]);
  }
  if (generation < row.cutGeneration && !row.isRevoked && outcome !== 'superseded') {
    wrong.push(['cutIsFinal', `the response to R${generation}, which is from before the cut, is: ${outcome}`]);
  }
  const isHonestWorld = !thief.hasActed && logouts.length === 0;
  if (by === 'owner' && isHonestWorld && outcome === 'reuse') {
    wrong.push(['neverLoggedOut', `R${generation} of an honest client counts as reuse, and the session is revoked`]);
  }
  return wrong;
}

/** Owner and thief both present a token, and the session lives on. */
function problemsOfTheft({ row, exchanges, uses }, world, { generation, key }, by, { outcome }) {
  const wasExchanged = generation < row.generation && generation >= row.cutGeneration && !row.isRevoked;
  if (!wasExchanged || outcome === 'reuse') return [];
  const first = exchanges[generation - 1];
  if (first.by === by) return [];

  const wrong = [];
  const isPrevious = generation === row.generation - 1;
  const isKeyInEveryCopy = world.keys === KEYS.withPair || world.keys === KEYS.oneSecret;
  const isKeyShared = key && key === first.key && !isKeyInEveryCopy;
  // Just after the rotation both receive the next token, and the next exchange of either decides.
  const isUndecided = isPrevious && isWithinGrace(row.rotatedAtMs) && !world.isStrict;
  if (!isKeyShared && !isUndecided) {
    if (by === 'owner')
      wrong.push(['theftDetected', `the thief has exchanged R${generation}; the owner is told: ${outcome}`]);
    else wrong.push(['copyRejected', `the owner has exchanged R${generation}; the thief is told: ${outcome}`]);
  }
  const hasFirstUsedIt = hasUsed(uses, generation + 1, first.by) || exchanges[generation]?.by === first.by;
  const isJustSeen = row.confirmedAtMs === null || isWithinGrace(row.confirmedAtMs);
  // An older token without a key is superseded just after the rotation, and counts as reuse later.
  const isTooEarly = isPrevious ? isJustSeen : !key && isWithinGrace(row.rotatedAtMs);
  if (hasFirstUsedIt && !isTooEarly) {
    const text = `both have used tokens here, and the response to R${generation} is: ${outcome}`;
    wrong.push(['theftDetectedWithoutKeys', text]);
  }
  return wrong;
}

export function judgeLogout(world, { everywhere }, { areOthersRevoked }) {
  if (!everywhere || areOthersRevoked || !world.checked.includes('everywhereReachesAll')) return [];
  return [['everywhereReachesAll', 'the user ended all sessions, and only this one is revoked']];
}

/** What is wrong with a state, in the same form. */
export function judgeState(state, world) {
  const wrong = state.logouts.length > 0 ? problemsAfterLogout(state) : problemsOfSession(state, world);
  return wrong.filter(([property]) => world.checked.includes(property));
}

function problemsAfterLogout({ row, store, tabs, logouts, passwordChange }) {
  if (store) return [['logoutIsFinal', 'the store holds a token again after the logout']];
  const isQuiet = tabs.every(({ at }) => at === 'idle');
  const canEnd = row.isRevoked || logouts.some(({ generation }) => generation >= row.cutGeneration);
  // If the pair of changePassword is lost, nobody holds a valid token.
  if (!isQuiet || canEnd || passwordChange === 'lost') return [];
  return [['logoutArrives', 'the session continues: the logout carries a token from before the cut']];
}

function problemsOfSession(state, world) {
  const { row, store, tabs, thief, passwordChange } = state;
  const wrong = [];
  const isDerived = world.keys === KEYS.oneSecret;
  if (store.key && !isDerived && Number.parseInt(store.key) !== store.generation) {
    wrong.push(['keyBelongsToToken', `the store holds R${store.generation} with key ${store.key}`]);
  }
  if (row.isRevoked) return wrong;
  if (thief.tokens.includes(world.generations) && store.generation === world.generations) {
    wrong.push(['neverShared', `owner and thief both hold R${world.generations}`]);
  }
  // Until the pair of changePassword arrives, the token in the store is void. If it never does, that costs a login.
  if (passwordChange === 'served' || passwordChange === 'lost') return wrong;
  const isStuck = tabs.some(({ at, generation }) => at === 'superseded' && generation === store.generation);
  const cannotEnd = world.staysIfSuperseded || store.generation < row.cutGeneration;
  if (isStuck && thief.hasActed && cannotEnd) {
    wrong.push(['ownerIsNotStuck', 'the owner is told to use newer tokens and has none; the session continues']);
  }
  if (thief.hasActed) return wrong;
  if (isStuck) wrong.push(['neverLoggedOut', 'an honest client is told to use newer tokens and has none']);
  const key = world.keys === KEYS.none ? '' : store.key || `${store.generation}`;
  const { outcome } = exchange(world, state, { generation: store.generation, key }, 'owner');
  if (outcome !== 'rotate' && outcome !== 'repeat') {
    wrong.push([
      'storedTokenIsValid',
      `R${store.generation} is in the store, and the response to it would be: ${outcome}`,
    ]);
  }
  return wrong;
}
