import { setTimeout } from 'node:timers/promises';
import { disableAccount, enableAccount } from '../../src/cli/account-commands.js';
import {
  PASSWORD,
  PROTECTED,
  refusal,
  startTandem,
  tokensOf,
  type Person,
  type Tandem,
  type Tokens,
} from '../support/harness.js';
import { operate } from '../support/operator.js';

const LOGOUT = 'mutation ($input: LogoutInput) { logout(input: $input) { loggedOut } }';
const REVOKE = 'mutation ($input: RevokeSessionInput!) { revokeSession(input: $input) { revokedSessionId } }';
const REVOKE_OTHERS = 'mutation { revokeOtherSessions { revokedCount } }';
const CHANGE =
  'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { authToken refreshToken session { id } } }';
const EVENTS = '{ me { securityEvents { nodes { kind sessionId endReason } } } }';
const CREATE = 'mutation ($input: CreatePostInput!) { createPost(input: $input) { post { id } } }';
const NEW_PASSWORD = 'a passphrase that is new here';

/** Two sessions of one account that both servers have seen. The first one is revoked, and has a previous pair. */
interface Scene {
  tandem: Tandem;
  person: Person;
  old: Tokens;
  doomed: Tokens;
  other: Tokens;
}

interface Path {
  reason: string;
  /** Whether the other session is revoked too. */
  endsAll?: boolean;
  end(scene: Scene): Promise<unknown>;
}

const PATHS: [string, Path][] = [
  [
    'a logout with the auth token',
    { reason: 'LOGGED_OUT', end: ({ tandem, doomed }) => tandem.send(LOGOUT, {}, { token: doomed.authToken }) },
  ],
  [
    'a logout with an auth token that has expired',
    { reason: 'LOGGED_OUT', end: ({ tandem, old }) => tandem.send(LOGOUT, {}, { token: old.authToken }) },
  ],
  [
    'a logout with the refresh token',
    {
      reason: 'LOGGED_OUT',
      end: ({ tandem, doomed: { refreshToken } }) => tandem.send(LOGOUT, { input: { refreshToken } }),
    },
  ],
  [
    'a logout everywhere',
    {
      reason: 'LOGGED_OUT',
      endsAll: true,
      end: ({ tandem, other }) => tandem.send(LOGOUT, { input: { everywhere: true } }, { token: other.authToken }),
    },
  ],
  [
    'its owner, who selects it in another session',
    {
      reason: 'REVOKED',
      end: ({ tandem, doomed: { sessionId }, other }) =>
        tandem.send(REVOKE, { input: { sessionId } }, { token: other.authToken }),
    },
  ],
  [
    'its owner, who revokes all other sessions',
    { reason: 'REVOKED', end: ({ tandem, other }) => tandem.send(REVOKE_OTHERS, {}, { token: other.authToken }) },
  ],
  [
    'a change of the password in another session',
    {
      reason: 'PASSWORD_CHANGED',
      end: async (scene) => {
        const input = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
        const reply = await scene.tandem.send(CHANGE, { input }, { token: scene.other.authToken });
        scene.other = tokensOf(reply.data.changePassword);
      },
    },
  ],
  [
    'reuse of a previous refresh token',
    { reason: 'REFRESH_TOKEN_REUSED', end: ({ tandem, old }) => tandem.refresh(old.refreshToken) },
  ],
  [
    'a login beyond the limit of sessions, as the oldest',
    { reason: 'SESSION_LIMIT', end: ({ tandem, person }) => tandem.login(person) },
  ],
  [
    'an operator who disables the account',
    { reason: 'ACCOUNT_DISABLED', endsAll: true, end: ({ tandem, person }) => operate(disableAccount, tandem, person) },
  ],
];

describe('a session that is revoked by', () => {
  let tandem: Tandem;
  let instance: Tandem;
  beforeEach(async () => {
    tandem = await startTandem({ SESSION_LIMIT: '2' });
    instance = await tandem.startInstance();
  });
  afterEach(() => tandem.close());

  it.each(PATHS)('%s, is rejected on its next request, and no other session is', async (_who, path) => {
    const scene = await prepare();
    const { person, doomed } = scene;
    const stranger = await tandem.login();
    await read(stranger, instance);

    await path.end(scene);
    const { other } = scene;

    const ended = path.endsAll ? [doomed, other] : [doomed];
    for (const tokens of ended) await expectRefused(tokens, tandem);
    for (const { authToken: token } of ended) {
      const reply = await instance.send(CREATE, { input: { title: 'a', body: 'b' } }, { token });
      expect(refusal(reply)).toMatchObject({ reason: 'TOKEN_REVOKED' });
    }
    const deadline = performance.now() + 2000;
    for (const tokens of ended) {
      while ((await read(tokens, instance)).status === 200 && performance.now() < deadline) await setTimeout(20);
      await expectRefused(tokens, instance);
    }
    for (const tokens of path.endsAll ? [stranger] : [stranger, other]) await expectAlive(tokens);

    if (path.reason === 'ACCOUNT_DISABLED') await operate(enableAccount, tandem, person);
    const { authToken: token } = path.endsAll ? await tandem.login(person) : other;
    const { nodes } = (await tandem.send(EVENTS, {}, { token })).data.me.securityEvents;
    const endings = (nodes as { kind: string; sessionId: string }[]).filter(({ kind }) => kind === 'SESSION_ENDED');
    const byId = (a: { sessionId: string }, b: { sessionId: string }) => (a.sessionId < b.sessionId ? -1 : 1);
    expect(endings.sort(byId)).toEqual(
      ended.map(({ sessionId }) => ({ kind: 'SESSION_ENDED', sessionId, endReason: path.reason })).sort(byId),
    );
  });

  async function prepare(): Promise<Scene> {
    const person = await tandem.person();
    const old = await tandem.login(person);
    tandem.clock.advance(3601);
    const doomed = tokensOf((await tandem.refresh(old.refreshToken)).data.refreshToken);
    const other = await tandem.login(person);
    for (const server of [tandem, instance]) {
      for (const tokens of [doomed, other]) expect((await read(tokens, server)).status).toBe(200);
    }
    await Promise.all([tandem.app.drain(), instance.app.drain()]);
    tandem.clock.advance(11); // more than REFRESH_GRACE_SECONDS
    return { tandem, person, old, doomed, other };
  }

  async function expectRefused(tokens: Tokens, server: Tandem): Promise<void> {
    expect(refusal(await read(tokens, server))).toEqual({
      status: 401,
      code: 'UNAUTHENTICATED',
      reason: 'TOKEN_REVOKED',
      recovery: 'LOG_IN',
    });
    expect(refusal(await server.refresh(tokens.refreshToken))).toEqual({
      status: 400,
      code: 'INVALID_REFRESH_TOKEN',
      reason: 'REFRESH_TOKEN_REVOKED',
      recovery: 'LOG_IN',
    });
  }

  async function expectAlive(tokens: Tokens): Promise<void> {
    for (const server of [tandem, instance]) {
      expect((await read(tokens, server)).status).toBe(200);
      expect((await server.refresh(tokens.refreshToken)).errors).toBeUndefined();
    }
  }
});

function read({ authToken }: Tokens, server: Tandem) {
  return server.send(PROTECTED, {}, { token: authToken });
}
