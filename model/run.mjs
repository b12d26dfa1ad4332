import { PROPERTIES } from './properties.mjs';
import { editedRule, serverRule } from './rule.mjs';
import { explore } from './search.mjs';
import { worldOf } from './world.mjs';

/** Runs an experiment of experiments/groups.mjs. */
export async function run(experiment) {
  if (!experiment.failsInOneOf) return runInOneWorld(experiment);
  let outcome;
  for (const one of experiment.failsInOneOf) {
    outcome = await runInOneWorld(one);
    if (outcome.property) break;
  }
  return { ...outcome, isExpected: outcome.property !== undefined };
}

async function runInOneWorld({ world: changes, edits, holds, fails }) {
  const rule = edits ? await editedRule(edits) : await serverRule();
  const checked = holds ?? [fails];
  for (const name of checked) {
    if (!(name in PROPERTIES)) throw new Error(`There is no property ${name}.`);
  }
  const world = worldOf(rule, { ...changes, checked });
  const outcome = explore(world);
  return { ...outcome, world, isExpected: outcome.property === fails };
}
