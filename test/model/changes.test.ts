import { failingExperiments, run } from '../support/model.js';

describe('the model of the refresh rule', () => {
  it.each(failingExperiments)('finds a trace: $name', async (experiment) => {
    const { isExpected, trace } = await run(experiment);
    expect(isExpected).toBe(true);
    expect(trace?.length).toBeGreaterThan(0);
  });
});
