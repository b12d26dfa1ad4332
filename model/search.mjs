import { clientSteps } from './client.mjs';
import { timeSteps } from './clock.mjs';
import { networkSteps } from './network.mjs';
import { judgeState } from './properties.mjs';
import { fingerprint, firstState } from './state.mjs';
import { thiefSteps } from './thief.mjs';

/**
 * Explores every state that the world can reach, the nearest first, until a property fails or no new state exists.
 * Returns the number of states and, if a property fails, to that problem and the shortest trace to it.
 */
export function explore(world) {
  const first = firstState(world);
  const known = new Set([fingerprint(first, world)]);
  /** How each state was reached: the step before it, and a label. */
  const paths = [undefined];
  let front = [{ state: first, path: 0 }];
  while (front.length > 0) {
    const next = [];
    for (const { state, path } of front) {
      for (const { label, changes, wrong = [] } of stepsFrom(state, world)) {
        const reached = { ...state, ...changes };
        const text = fingerprint(reached, world);
        const isNew = !known.has(text);
        if (!isNew && wrong.length === 0) continue;
        known.add(text);
        paths.push({ before: path, label });
        const [problem] = isNew ? [...wrong, ...judgeState(reached, world)] : wrong;
        if (problem) {
          const [property, description] = problem;
          return { states: known.size, property, problem: description, trace: traceTo(paths) };
        }
        // Nothing can go wrong in a session that was revoked, except that a logout is undone.
        if (!reached.row.isRevoked || reached.logouts.length > 0) next.push({ state: reached, path: paths.length - 1 });
      }
    }
    front = next;
  }
  return { states: known.size };
}

function stepsFrom(state, world) {
  return [
    ...timeSteps(state, world),
    ...networkSteps(state, world),
    ...clientSteps(state, world),
    ...thiefSteps(state, world),
  ];
}

function traceTo(paths) {
  const labels = [];
  for (let path = paths.at(-1); path; path = paths[path.before]) labels.unshift(path.label);
  return labels;
}
