import { startTandem, type Tandem } from '../../support/harness.js';

const MUTATIONS = 60;

let tandem: Tandem;
beforeAll(async () => {
  tandem = await startTandem();
  await Promise.all(Array.from({ length: MUTATIONS + 1 }, mutate)); // opens the connections
});
afterAll(() => tandem.close());

const mutate = () => tandem.send('mutation { updatePost(input: { id: "1" }) { post { id } } }');

describe('mutations that arrive together', () => {
  it.each([
    ['a read', () => tandem.send('{ __typename }')],
    ['a refresh', () => tandem.refresh('malformed')],
  ])('do not keep %s waiting that arrives after them', async (_name, other) => {
    const responses: string[] = [];
    const inOrder = async (name: string, response: Promise<unknown>) => {
      await response;
      responses.push(name);
    };
    const mutations = Array.from({ length: MUTATIONS }, () => inOrder('mutation', mutate()));
    await Promise.all([...mutations, inOrder('other', other())]);
    expect(responses).toHaveLength(MUTATIONS + 1);
    expect(responses.indexOf('other')).toBeLessThan(MUTATIONS / 2);
  });
});
