import { GRACE_MS, NOW_MS } from './time.mjs';
import { OTHER_VERSION } from './world.mjs';

/** What may become of a request: this version of the server decides it, or another version rotates. */
export function responsesTo(state, world, request, by) {
  const isCurrent = request.generation === state.row.generation && !state.row.isRevoked;
  const elsewhere = { server: ' at the other version', response: exchangeElsewhere(state, request, by) };
  if (isCurrent && world.otherVersion === OTHER_VERSION.always) return [elsewhere];
  const here = { server: '', response: exchange(world, state, request, by) };
  return isCurrent && world.otherVersion === OTHER_VERSION.sometimes ? [here, elsewhere] : [here];
}

/** What the server does with a refresh token of `generation`, presented by `by`: 'owner' or 'thief'. */
export function exchange(world, { row, exchanges }, { generation, key }, by) {
  if (row.isRevoked) return { outcome: 'revoked', row, exchanges };
  const keyHash = world.rule.hashOf(key);
  const { outcome } = world.rule.decideExchange(row, generation, keyHash, NOW_MS, GRACE_MS);
  if (outcome === 'rotate') {
    const recorded = {
      exchangeKeys: world.rule.withExchange(row, keyHash),
      exchangeKeysGeneration: row.generation + 1,
    };
    return rotated({ ...row, ...recorded }, [...exchanges, { by, key }]);
  }
  if (outcome === 'repeat') {
    const after = world.repeatExtendsLifetime ? { ...row, rotatedAtMs: NOW_MS } : row;
    return { outcome, successor: row.generation, row: after, exchanges };
  }
  return { outcome, row: outcome === 'reuse' ? { ...row, isRevoked: true } : row, exchanges };
}

/** Another version of the server rotates the current token. It does not know the columns that record exchanges. */
function exchangeElsewhere({ row, exchanges }, { key }, by) {
  return rotated(row, [...exchanges, { by, key }]);
}

function rotated(row, exchanges) {
  const generation = row.generation + 1;
  const next = { ...row, generation, rotatedAtMs: NOW_MS, confirmedAtMs: null };
  return { outcome: 'rotate', successor: generation, row: next, exchanges };
}

/** changePassword: rotates, and voids every token from before. */
export function cut({ row, exchanges }) {
  const generation = row.generation + 1;
  const record = { exchangeKeys: '', exchangeKeysGeneration: generation, cutGeneration: generation };
  return rotated({ ...row, ...record }, [...exchanges, { by: 'owner', key: '' }]);
}

/** The row after an auth token of `generation` was used: the server has seen the refresh token of that generation. */
export function confirmed(row, generation) {
  if (row.isRevoked || generation !== row.generation || row.confirmedAtMs !== null) return row;
  return { ...row, confirmedAtMs: NOW_MS };
}

/** What the row and the account's other sessions become when a logout arrives. */
export function loggedOut({ row, areOthersRevoked }, { generation, everywhere }) {
  if (row.isRevoked || generation < row.cutGeneration) return { row, areOthersRevoked };
  const reachesOthers = everywhere === 'auth token' || (everywhere && generation === row.generation);
  return { row: { ...row, isRevoked: true }, areOthersRevoked: areOthersRevoked || reachesOthers };
}

/** The model ends at the last generation: nothing exchanges it. */
export function isBeyond(world, row, generation) {
  return generation === row.generation && row.generation === world.generations;
}
