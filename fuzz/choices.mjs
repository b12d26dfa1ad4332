import fc from 'fast-check';

// Without bias: fast-check prefers the smallest and the largest numbers, which would make rare choices frequent.
const below = (count) => fc.noBias(fc.nat(count - 1));
const oddTexts = fc.string({ unit: 'binary', maxLength: 40 });
const oddText = () => oddTexts;

/** Decisions that fast-check makes and shrinks. Smaller decisions are the more ordinary ones. */
export function choices(gen) {
  const int = (count) => gen(below, count);
  return {
    int,
    chance: (percent) => int(100) >= 100 - percent,
    pick: (list) => list[int(list.length)],
    oddText: () => gen(oddText),
    of: (arbitrary) => gen(arbitrary),
  };
}
