import { join } from 'node:path';

/** An experiment of model/, and what comes of it. */
export interface Experiment {
  readonly name: string;
  readonly holds?: readonly string[];
}
export interface Outcome {
  readonly isExpected: boolean;
  readonly property?: string;
  readonly trace?: readonly string[];
}
interface Group {
  readonly experiments: readonly Experiment[];
  readonly isBig?: boolean;
}
type Edit = readonly [text: string, replacement: string];

const MODEL = join(import.meta.dirname, '../../model');
const { GROUPS } = (await import(join(MODEL, 'experiments/groups.mjs'))) as { GROUPS: readonly Group[] };
const experiments = GROUPS.flatMap((group) => (group.isBig ? [] : group.experiments));

export const holdingExperiments = experiments.filter(({ holds }) => holds);
export const failingExperiments = experiments.filter(({ holds }) => !holds);
export const { run } = (await import(join(MODEL, 'run.mjs'))) as {
  run: (experiment: Experiment) => Promise<Outcome>;
};
export const { editedRule } = (await import(join(MODEL, 'rule.mjs'))) as {
  editedRule: (edits: readonly Edit[]) => Promise<unknown>;
};
