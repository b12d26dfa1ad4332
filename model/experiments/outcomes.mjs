import { outcomesOfDecision } from '../rule.mjs';
import { ONE_RECORD } from './edits.mjs';
import { WITH_KEYS, WITH_KEYS_AND_A_THIEF, WITH_ONE_RECORD, WITHOUT_KEYS_WITH_A_THIEF } from './property-sets.mjs';
import { robbed } from './worlds.mjs';
import { KEYS } from '../world.mjs';

/** Small worlds that need every outcome of the decision between them. */
const WORLDS = [
  { name: 'unchanged: keys and changePassword', world: { changesPassword: true }, holds: WITH_KEYS },
  { name: 'unchanged: keys and a thief', world: robbed, holds: WITH_KEYS_AND_A_THIEF },
  { name: 'keys, a thief and one recorded exchange', edits: [ONE_RECORD], world: robbed, holds: WITH_ONE_RECORD },
  { name: 'unchanged: no keys and a thief', world: { ...robbed, keys: KEYS.none }, holds: WITHOUT_KEYS_WITH_A_THIEF },
];

/** Every outcome that the decision returns, replaced by every other one. In at least one of the worlds that fails. */
const REPLACEMENTS = outcomesOfDecision().flatMap(({ text, outcome, cause }) =>
  ['rotate', 'repeat', 'superseded', 'reuse']
    .filter((other) => other !== outcome)
    .map((other) => ({
      name: `${other} instead of ${outcome}, where ${cause}`,
      failsInOneOf: WORLDS.map(({ edits = [], ...rest }) => ({
        ...rest,
        edits: [[text, text.replace(`'${outcome}'`, `'${other}'`)], ...edits],
      })),
    })),
);

export const OUTCOMES = [...WORLDS, ...REPLACEMENTS];
