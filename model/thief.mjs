import { judgeResponse } from './properties.mjs';
import { confirmed, isBeyond, responsesTo } from './server.mjs';
import { including } from './state.mjs';
import { shown, successorOf } from './words.mjs';
import { recordedUse } from './uses.mjs';

const OWN_KEY = 'thief';

/** The thief copies the store, presents any token that he knows with any key that he knows, and uses auth tokens or not. */
export function thiefSteps(state, world) {
  // A request of his that is delayed equals one that he sends later.
  return [
    ...copies(state, world),
    ...state.thief.tokens.flatMap((generation) => [
      ...uses(state, world, generation),
      ...exchanges(state, world, generation),
    ]),
  ];
}

function copies({ store, thief }, world) {
  if (thief.copiesLeft === 0 || !store) return [];
  if (world.copiesOnlyTheFirstToken && (store.generation > 1 || store.key)) return [];
  const changes = {
    ...thief,
    copiesLeft: thief.copiesLeft - 1,
    tokens: including(thief.tokens, store.generation),
    keys: store.key ? including(thief.keys, store.key) : thief.keys,
  };
  return [{ label: `the thief copies ${shown(store)}`, changes: { thief: changes } }];
}

function uses(state, world, generation) {
  const row = confirmed(state.row, generation);
  const recorded = recordedUse(state, world, generation, 'thief');
  if (row === state.row && recorded === state.uses) return [];
  return [{ label: `the thief uses auth token ${generation} here`, changes: { row, uses: recorded } }];
}

function exchanges(state, world, generation) {
  const { row, thief } = state;
  if (isBeyond(world, row, generation)) return [];
  const copied = thief.keys.filter((key) => key === 'secret' || Number.parseInt(key) === generation);
  return ['', OWN_KEY, ...copied].flatMap((key) => {
    const request = { generation, key };
    return responsesTo(state, world, request, 'thief').flatMap(({ server, response }) => {
      const wrong = judgeResponse(state, world, request, 'thief', response);
      const tokens = response.successor ? including(thief.tokens, response.successor) : thief.tokens;
      if (response.row === row && tokens === thief.tokens && wrong.length === 0) return [];
      const changes = { row: response.row, exchanges: response.exchanges, thief: { ...thief, tokens, hasActed: true } };
      const label = `the thief presents ${shown(request)}${server}: ${response.outcome}${successorOf(response)}`;
      return [{ label, changes, wrong }];
    });
  });
}
