/** Time in a state is relative: the present is always this moment, and a step of time moves everything else back. */
export const NOW_MS = 1_000_000;
export const GRACE_MS = 10_000;

/** Ages stop growing here, just beyond the grace period, because the rule makes no difference between greater ones. */
export function longAgoMs({ tickMs }) {
  return GRACE_MS + tickMs;
}

export function older(ageMs, world) {
  return Math.min(ageMs + world.tickMs, longAgoMs(world));
}

/** The same moment, seen one step later. */
export function movedBack(momentMs, world) {
  return momentMs === null ? null : NOW_MS - older(NOW_MS - momentMs, world);
}

export function isWithinGrace(momentMs) {
  return NOW_MS - momentMs <= GRACE_MS;
}
