import { startTandem, type Tandem, type Tokens } from '../support/harness.js';

const CHANGE = 'mutation ($input: ChangeDisplayNameInput!) { changeDisplayName(input: $input) { displayName } }';

let tandem: Tandem;
let tokens: Tokens;
beforeAll(async () => (tandem = await startTandem()));
beforeEach(async () => {
  tokens = await tandem.login();
});
afterAll(() => tandem.close());

const change = (displayName: string) => tandem.send(CHANGE, { input: { displayName } }, { token: tokens.authToken });
const events = () => tandem.database.securityEvent.count({ where: { kind: 'DISPLAY_NAME_CHANGED' } });

describe('changeDisplayName', () => {
  it('changes the name that others see, without white space around it', async () => {
    const { data } = await tandem.send(
      'mutation { createPost(input: { title: "T", body: "B", publish: true }) { post { id } } }',
      {},
      { token: tokens.authToken },
    );
    expect((await change('  Lin Otter ')).data.changeDisplayName.displayName).toBe('Lin Otter');
    const { authToken: token } = await tandem.login();
    const read = await tandem.send(
      'query ($id: ID!) { post(id: $id) { author { displayName } } }',
      { id: data.createPost.post.id },
      { token },
    );
    expect(read.data.post.author.displayName).toBe('Lin Otter');
  });

  it('records one event if it is repeated', async () => {
    const before = await events();
    await change('Otter');
    await change('Otter');
    expect(await events()).toBe(before + 1);
  });

  it.each([
    ['a blank name', ' ', 'BLANK'],
    ['a long name', 'x'.repeat(101), 'TOO_LONG'],
    ['a control character', 'Lin\u0007', 'INVALID_CHARACTER'],
    ['a character that reverses text', 'Lin\u202e', 'INVALID_CHARACTER'],
  ])('rejects %s', async (_name, displayName, reason) => {
    const reply = await change(displayName);
    expect(reply.errors?.[0]?.extensions['fields']).toMatchObject([{ path: ['input', 'displayName'], reason }]);
  });
});
