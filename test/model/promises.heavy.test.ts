import { holdingExperiments, run } from '../support/model.js';

describe('the model of the refresh rule', () => {
  it.each(holdingExperiments)(
    'finds no violation: $name',
    async (experiment) => {
      const { isExpected, trace } = await run(experiment);
      expect(trace).toBeUndefined();
      expect(isExpected).toBe(true);
    },
    120_000,
  );
});
