import {
  LOGIN,
  PASSWORD,
  PROTECTED,
  refusal,
  startTandem,
  type Person,
  type Tandem,
  type Tokens,
} from '../support/harness.js';
import { reset, resetMail } from '../support/password-reset.js';

const CHANGE = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { authToken } }';
const PROVE = 'mutation ($input: ReauthenticateInput!) { reauthenticate(input: $input) { authToken } }';
const CREATE = 'mutation ($input: CreatePostInput!) { createPost(input: $input) { post { id } } }';

interface Scene {
  tandem: Tandem;
  person: Person;
  tokens: Tokens;
  resetToken: string;
}

/** Why an account may not receive tokens, as columns of its row. */
const STATES: [string, object][] = [
  ['disabled', { disabledAt: new Date(0) }],
  ['not verified', { emailVerifiedAt: null }],
  ['waiting for its deletion', { deletionAt: new Date(0) }],
];

/** Every path that issues a token for an existing account, or accepts one against the database. */
const PATHS: [string, string, (scene: Scene) => Promise<unknown>][] = [
  [
    'login',
    'WRONG_EMAIL_OR_PASSWORD',
    ({ tandem, person: { email } }) => tandem.send(LOGIN, { input: { email, password: PASSWORD } }).then(refusal),
  ],
  ['refreshToken', 'REFRESH_TOKEN_REVOKED', ({ tandem, tokens }) => tandem.refresh(tokens.refreshToken).then(refusal)],
  [
    'changePassword',
    'TOKEN_REVOKED',
    ({ tandem, tokens: { authToken: token } }) =>
      tandem
        .send(CHANGE, { input: { currentPassword: PASSWORD, newPassword: 'a passphrase that is new here' } }, { token })
        .then(refusal),
  ],
  [
    'reauthenticate',
    'TOKEN_REVOKED',
    ({ tandem, tokens: { authToken: token } }) =>
      tandem.send(PROVE, { input: { password: PASSWORD } }, { token }).then(refusal),
  ],
  [
    'resetPassword, with a token from before',
    'ONE_TIME_TOKEN_INVALID',
    ({ tandem, resetToken }) => reset(tandem, { token: resetToken }).then(refusal),
  ],
  [
    'a mutation',
    'TOKEN_REVOKED',
    ({ tandem, tokens: { authToken: token } }) =>
      tandem.send(CREATE, { input: { title: 'T', body: 'B' } }, { token }).then(refusal),
  ],
  [
    'a query of a process that has not seen the session',
    'TOKEN_REVOKED',
    async ({ tandem, tokens: { authToken: token } }) => {
      const other = await tandem.startInstance();
      return refusal(await other.send(PROTECTED, {}, { token }));
    },
  ],
];

describe.each(STATES)('an account that is %s', (_state, columns) => {
  let scene: Scene;
  beforeAll(async () => {
    const tandem = await startTandem();
    const person = await tandem.person();
    const tokens = await tandem.login(person);
    const { token: resetToken } = await resetMail(tandem, person.email);
    await tandem.database.account.update({ where: { id: person.id }, data: columns });
    scene = { tandem, person, tokens, resetToken };
  });
  afterAll(() => scene.tandem.close());

  it.each(PATHS)('is rejected by %s with %s', async (_path, reason, take) => {
    expect(await take(scene)).toMatchObject({ reason });
  });
});
