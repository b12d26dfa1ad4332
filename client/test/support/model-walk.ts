import { join } from 'node:path';

/** A state of the model of the refresh rule, as far as a test looks at it. */
interface ModelState {
  readonly row: { readonly generation: number; readonly isRevoked: boolean };
  readonly store: { readonly generation: number } | null;
}
interface ModelStep {
  readonly label: string;
  readonly changes: Partial<ModelState>;
}
type Steps = (state: ModelState, world: unknown) => ModelStep[];

const load = async (name: string) => import(join(import.meta.dirname, '../../../model', name));
const { clientSteps } = (await load('client.mjs')) as { clientSteps: Steps };
const { networkSteps } = (await load('network.mjs')) as { networkSteps: Steps };
const { timeSteps } = (await load('clock.mjs')) as { timeSteps: Steps };
const { firstState } = (await load('state.mjs')) as { firstState: (world: unknown) => ModelState };
const { worldOf } = (await load('world.mjs')) as { worldOf: (rule: unknown, changes: object) => unknown };
const { serverRule } = (await load('rule.mjs')) as { serverRule: () => Promise<unknown> };

export interface Visited {
  label: string;
  /** The state after the step. */
  state: ModelState;
}

/** A random walk through the states of an honest client. The same seed gives the same walk. */
export async function modelWalk(changes: object, seed: number, length: number): Promise<Visited[]> {
  const world = worldOf(await serverRule(), changes);
  const random = randomNumbers(seed);
  const visited: Visited[] = [];
  let state = firstState(world);
  while (visited.length < length) {
    const steps = [...timeSteps(state, world), ...networkSteps(state, world), ...clientSteps(state, world)];
    // Otherwise most walks would consist of reloads.
    const wanted = steps.filter(({ label }) => !label.includes('reloaded') || random() < 0.2);
    const step = wanted[Math.floor(random() * wanted.length)];
    if (!step) continue;
    state = { ...state, ...step.changes };
    visited.push({ label: step.label, state });
  }
  return visited;
}

/** Mulberry32. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
