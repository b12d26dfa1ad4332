import { BIG } from './big.mjs';
import { BRANCHES } from './branches.mjs';
import { COOKIES } from './cookies.mjs';
import { DUTIES } from './duties.mjs';
import { OUTCOMES } from './outcomes.mjs';
import { PROMISES } from './promises.mjs';
import { WEAKNESSES } from './weaknesses.mjs';

/**
 * All experiments. Each has a name, the changes that make its `world`, perhaps `edits` of the compiled rule, and an
 * expectation: all properties in `holds` hold, or the property `fails` fails.
 */
export const GROUPS = [
  { title: 'What holds', experiments: PROMISES },
  { title: 'What fails if a condition of the rule is changed', experiments: BRANCHES },
  { title: 'What fails if an outcome of the rule is replaced', experiments: OUTCOMES },
  { title: 'What fails if a client neglects a duty', experiments: DUTIES },
  { title: 'Refresh tokens in cookies', experiments: COOKIES },
  { title: 'What remains possible', experiments: WEAKNESSES },
  { title: 'Larger bounds', experiments: BIG, isBig: true },
];
