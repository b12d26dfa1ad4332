import { readFileSync } from 'node:fs';
import { invite } from '../../src/cli/invitation-commands.js';
import { storedIn, TEST_PROVIDER } from '../support/databases.js';
import { PASSWORD, startTandem, type GraphQLReply, type Tandem } from '../support/harness.js';
import { mailsIn, type ReceivedMail } from '../support/mail.js';
import { operate } from '../support/operator.js';
import { NEW_PASSWORD } from '../support/password-reset.js';
import { change } from '../support/posting.js';
import { sql } from '../support/sql.js';

const CANARY = 'canary-7f3a9e';
const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { authToken refreshToken session { id } } }';

/** Statements that make the database reject posts with an error that contains a secret, and undo that. */
const [REFUSE_POSTS, ALLOW_POSTS] =
  TEST_PROVIDER === 'sqlite'
    ? [
        `CREATE TRIGGER "refuse" BEFORE INSERT ON "Post" BEGIN SELECT RAISE(FAIL, 'postgres://u:hunter2@h/d'); END`,
        'DROP TRIGGER "refuse"',
      ]
    : [
        `ALTER TABLE "Post" ADD CONSTRAINT "postgres://u:hunter2@h/d" CHECK ("title" = '')`,
        'ALTER TABLE "Post" DROP CONSTRAINT "postgres://u:hunter2@h/d"',
      ];

describe('a secret', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem({ LOG_LEVEL: 'debug', REGISTRATION: 'invitation' })));
  afterAll(() => tandem.close());

  it.each<[string, string, object]>([
    ['in a variable of the wrong type', LOGIN, { input: { email: 'a@example.com', password: { x: CANARY } } }],
    ['in a list', LOGIN, { input: { email: 'a@example.com', password: [CANARY] } }],
    ['as the whole input', LOGIN, { input: CANARY }],
    ['in a field that is not there', LOGIN, { input: { email: 'a', password: 'b', passwort: CANARY } }],
    ['that is too long', LOGIN, { input: { email: 'a@example.com', password: CANARY.repeat(50) } }],
    ['beside an input that is not valid', LOGIN, { input: { email: 'a'.repeat(300), password: CANARY } }],
    ['as a literal of the wrong type', `mutation { login(input: "${CANARY}") { authToken } }`, {}],
    ['as a block string', `mutation { login(input: """${CANARY}""") { authToken } }`, {}],
    ['in a literal list', `mutation { login(input: { email: "a", password: ["${CANARY}"] }) { authToken } }`, {}],
    ['in a literal object', `mutation { login(input: { email: 1, password: { x: "${CANARY}" } }) { authToken } }`, {}],
    ['before a syntax error', `mutation { login(input: { email: "a", password: "${CANARY}" }}`, {}],
    ['where a name belongs', `mutation { login("${CANARY}") { authToken } }`, {}],
    [
      'after a quotation mark too many',
      `mutation { login(input: { email: "a", password: "x" ${CANARY.slice(0, 6)}" }) }`,
      {},
    ],
    ['that does not end', `mutation { login(input: { email: "a", password: "${CANARY}`, {}],
    [
      'in a name',
      'mutation ($refreshToken: Int) { refreshToken(input: $refreshToken) { authToken } }',
      { refreshToken: CANARY },
    ],
    ['as a number', 'query ($first: Int) { posts(first: $first) { totalCount } }', { first: CANARY }],
    ['as a literal number', `{ posts(first: "${CANARY}") { totalCount } }`, {}],
    ['as an enum value', `{ posts(filter: { status: "${CANARY}" }) { totalCount } }`, {}],
  ])('is neither returned to the client nor logged: %s', async (_what, document, variables) => {
    const { authToken: token } = await tandem.login();
    const reply = await tandem.send(document, variables, { token });
    expect(reply.status).toBe(400);
    expect(reply.errors?.[0]?.extensions['code']).toMatch(/^(BAD_USER_INPUT|GRAPHQL_(PARSE|VALIDATION)_FAILED)$/);
    expect(reply.text + tandem.log()).not.toContain(CANARY.slice(0, 6));
  });

  it('is in no response and no log line when the database rejects a statement', async () => {
    const { authToken: token } = await tandem.login();
    await sql(tandem.config.database.url, REFUSE_POSTS);
    const reply = await tandem.send(...change('createPost', { title: 'a unique title', body: '' }), { token });
    await sql(tandem.config.database.url, ALLOW_POSTS);
    expect([reply.status, reply.errors?.[0]?.extensions['code']]).toEqual([500, 'INTERNAL_SERVER_ERROR']);
    expect(reply.text + tandem.log()).not.toMatch(/hunter2|a unique title/);
    expect(reply.text).not.toMatch(/postgres|sqlite|prisma|stack/i);
  });

  it('of a mail is in no log line, no row and no response, before and after its use', async () => {
    const seen: GraphQLReply[] = [];
    const accept = async (field: string, type: string, input: object, options: object = {}, selection = 'accepted') => {
      const query = `mutation ($input: ${type}!) { ${field}(input: $input) { ${selection} } }`;
      const reply = await tandem.send(query, { input }, options);
      expect(reply.errors).toBeUndefined();
      seen.push(reply);
      return reply;
    };
    const newest = async (): Promise<ReceivedMail> => {
      const mail = (await mailsIn(tandem)).at(-1);
      if (!mail) throw new Error('There is no mail.');
      tandem.clock.advance(1); // files are sorted by time
      return mail;
    };
    const { email } = await tandem.person();
    const from = (userAgent: string) => ({ headers: { 'user-agent': userAgent } });
    const logIn = async (password: string, options: object) =>
      (await tandem.send(LOGIN, { input: { email, password } }, options)).data.login;

    const address = { email: 'canary@example.com' };
    await operate(invite, tandem, { id: '', ...address });
    const { token: invitation } = await newest();
    const person = { ...address, password: PASSWORD, displayName: 'C', invitation };
    const { continuation } = (await accept('signUp', 'SignUpInput', person, {}, 'continuation')).data.signUp;
    seen.pop(); // returns the continuation
    tandem.clock.advance(1);
    await accept('resendVerification', 'ResendVerificationInput', { ...address, continuation });
    const { token: verification } = await newest();
    await accept('verifyEmail', 'VerifyEmailInput', { token: verification, password: PASSWORD }, {}, 'verified');
    await accept('requestPasswordReset', 'EmailInput', { email });
    const { code: reset } = await newest();
    await accept('resetPassword', 'ResetPasswordInput', { email, code: reset, newPassword: NEW_PASSWORD });
    await logIn(NEW_PASSWORD, from('Own/1'));
    const { authToken: token } = await logIn(NEW_PASSWORD, from('Other/1'));
    const { code: notice } = await newest();
    await accept('changeEmail', 'ChangeEmailInput', { newEmail: 'moved-canary@example.com' }, { token });
    const { code: confirmation } = await newest();
    await accept(
      'confirmEmailChange',
      'ConfirmEmailChangeInput',
      { code: confirmation },
      { token },
      'account { email }',
    );
    const { token: undo } = await newest();
    await accept('undoEmailChange', 'UndoEmailChangeInput', { token: undo });
    await accept('revokeReportedSession', 'RevokeReportedSessionInput', { email, code: notice });

    const secrets = (await mailsIn(tandem)).flatMap((mail) => [mail.token, mail.code, mail.code.replace('-', '')]);
    const used = [continuation, ...secrets.filter((secret) => secret !== '')];
    for (const secret of [invitation, verification, reset, notice, confirmation, undo]) expect(used).toContain(secret);
    const places = {
      log: tandem.log(),
      database: await storedIn(tandem.config.database.url),
      replies: seen.map(({ text }) => text).join(),
    };
    for (const [place, content] of Object.entries(places)) {
      expect([place, used.filter((secret) => content.includes(secret))]).toEqual([place, []]);
    }
  });

  it('appears only in the response that issues it', async () => {
    const seen: GraphQLReply[] = [];
    const handingOut: GraphQLReply[] = [];
    const person = await tandem.person();
    const cookie = `session=${CANARY}`;
    const send = async (document: string, variables?: object, token?: string) => {
      const reply = await tandem.send(document, variables, { token, headers: { cookie, 'x-api-key': CANARY } });
      (/"(authToken|refreshToken)":"/.test(reply.text) ? handingOut : seen).push(reply);
      return reply;
    };
    const input = { email: person.email, password: PASSWORD };
    const refresh = (refreshToken: string) =>
      send('mutation ($t: String!) { refreshToken(input: { refreshToken: $t }) { authToken refreshToken } }', {
        t: refreshToken,
      });

    const first = (await send(LOGIN, { input })).data.login;
    const second = (await refresh(first.refreshToken)).data.refreshToken;
    await send(
      '{ tokenStatus { state } me { email sessions { id deviceName userAgent ipAddress } } }',
      {},
      second.authToken,
    );
    tandem.clock.advance(11);
    await refresh(first.refreshToken); // reuse
    await refresh(second.refreshToken); // revoked
    await refresh(`${second.refreshToken.slice(0, -2)}AA`);
    const third = (await send(LOGIN, { input })).data.login;
    const id = (await send(...change('createPost', { title: 'T', body: 'B' }), third.authToken)).data.createPost.post
      .id;
    for (const field of ['publishPost', 'unpublishPost', 'deletePost'])
      await send(...change(field, { id }), third.authToken);
    await send('{ posts { totalCount nodes { id author { id } } } post(id: "x") { id } }', {}, third.authToken);
    await send(LOGIN, { input: { ...input, password: CANARY } });
    await send('mutation { revokeSession(input: { sessionId: "x" }) { revokedSessionId } }', {}, third.authToken);
    await send('mutation { revokeOtherSessions { revokedCount } }', {}, third.authToken);
    for (const token of [second.authToken, `${third.authToken}x`, CANARY, third.refreshToken])
      await send('{ me { id } }', {}, token);
    await send('mutation ($t: String) { logout(input: { refreshToken: $t }) { loggedOut } }', {
      t: third.refreshToken,
    });
    tandem.clock.advance(4000);
    await send('{ me { id } }', {}, third.authToken);
    await sql(tandem.config.database.url, 'ALTER TABLE "Session" RENAME TO "Elsewhere"');
    await send(LOGIN, { input });
    await refresh(third.refreshToken);

    const { keys } = JSON.parse(readFileSync(tandem.keyRingPath, 'utf8')) as { keys: Record<string, string>[] };
    const tokens = [first, second, third].flatMap(({ authToken, refreshToken }) => [
      authToken.split('.')[2] ?? authToken,
      refreshToken,
    ]);
    const never = [PASSWORD, CANARY, ...keys.flatMap(({ d, k }) => [d ?? k ?? ''])];
    expect(never).not.toContain('');
    expect([handingOut.length, seen.length]).toEqual([3, 20]);
    const places = {
      log: tandem.log(),
      database: await storedIn(tandem.config.database.url),
      replies: seen.map(({ text }) => text).join(),
    };
    for (const [place, content] of Object.entries(places)) {
      expect([place, [...never, ...tokens].filter((secret) => content.includes(secret))]).toEqual([place, []]);
    }
    const given = handingOut.map(({ text }) => text).join();
    expect(never.filter((secret) => given.includes(secret))).toEqual([]);
  });
});
