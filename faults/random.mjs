/** Random choices that a seed repeats (mulberry32). The results still depend on timing. */
export function randomness(seed) {
  let state = seed >>> 0;

  function unit() {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  const whole = (least, most) => least + Math.floor(unit() * (most - least + 1));
  const pick = (list) => list[whole(0, list.length - 1)];

  return {
    whole,
    pick,
    chance: (probability) => unit() < probability,
    shuffled: (list) =>
      list
        .map((item) => [unit(), item])
        .sort(([a], [b]) => a - b)
        .map(([, item]) => item),
    /** One of the keys of an object whose values are their weights. */
    weighted(weights) {
      let left = unit() * Object.values(weights).reduce((sum, weight) => sum + weight, 0);
      return Object.keys(weights).find((key) => (left -= weights[key]) < 0);
    },
  };
}
