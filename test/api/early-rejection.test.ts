import { refusal, startTandem, type Tandem } from '../support/harness.js';

const NAMED = `query Mine { me { id } }
  query Status { tokenStatus { state } }`;

describe('a protected operation without a valid token', () => {
  let tandem: Tandem;
  beforeEach(async () => {
    tandem = await startTandem();
  });
  afterEach(() => tandem.close());

  async function post(body: object, token?: string) {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const response = await fetch(`${tandem.url}/graphql`, {
      method: 'POST',
      headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
    const told = Object.fromEntries(response.headers);
    for (const name of ['date', 'x-request-id']) delete told[name];
    return { status: response.status, headers: told, text: await response.text() };
  }

  it('gets the same response every time, also after a rejection for another reason', async () => {
    const query = '{ me { id } }';
    const replies = [];
    for (let time = 0; time < 3; time++) replies.push(await post({ query }), await post({ query }, 'garbage'));
    const [missing, invalid] = replies;
    expect(missing?.status).toBe(401);
    expect(missing?.text).not.toBe(invalid?.text);
    expect(replies).toEqual([missing, invalid, missing, invalid, missing, invalid]);
  });

  it('does not affect other operations of the same document', async () => {
    for (let time = 0; time < 3; time++) {
      expect((await post({ query: NAMED, operationName: 'Mine' })).status).toBe(401);
      expect((await post({ query: NAMED, operationName: 'Status' })).status).toBe(200);
      expect((await post({ query: NAMED })).status).toBe(400);
    }
  });

  it('is executed once a valid token is sent', async () => {
    const { authToken } = await tandem.login();
    for (let time = 0; time < 3; time++) {
      expect((await post({ query: '{ me { id } }' })).status).toBe(401);
      expect((await post({ query: '{ me { id } }' }, authToken)).status).toBe(200);
    }
  });

  it.each([{ variables: 'x' }, { variables: [] }, { extensions: 'x' }, { operationName: 1 }])(
    'is rejected as malformed before it is rejected as unauthenticated: %j',
    async (malformed) => {
      const query = '{ me { id } }';
      for (let time = 0; time < 3; time++) {
        await post({ query });
        expect((await post({ query, ...malformed })).status).toBe(400);
      }
    },
  );

  it('is rejected as expired once a token that was valid before expires', async () => {
    const { authToken } = await tandem.login();
    const ask = () => tandem.send('{ me { id } }', {}, { token: authToken });
    expect((await ask()).status).toBe(200);
    tandem.clock.advance(tandem.config.authToken.ttlSeconds);
    for (let time = 0; time < 3; time++) {
      expect(refusal(await ask())).toMatchObject({ status: 401, reason: 'TOKEN_EXPIRED' });
    }
  });
});
