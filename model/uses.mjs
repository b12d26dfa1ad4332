import { including } from './state.mjs';

/** Who used which auth token at this server while it was the newest. Only theftDetectedWithoutKeys looks at this. */
export function recordedUse({ row, uses }, world, generation, by) {
  if (!world.checked.includes('theftDetectedWithoutKeys') || generation !== row.generation) return uses;
  return including(uses, `${generation} ${by}`);
}

export function hasUsed(uses, generation, by) {
  return uses.includes(`${generation} ${by}`);
}
