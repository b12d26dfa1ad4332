import { readFileSync } from 'node:fs';
import {
  buildSchema,
  Kind,
  parse,
  print,
  separateOperations,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
} from 'graphql';
import { sampleDocument } from '../../src/demo/sample-operations.js';
import { parseOneTimeToken } from '../../src/tokens/one-time-token.js';
import { lastMailTo, mailsTo } from '../support/mail.js';
import { PASSWORD, refusal, startTandem, type RequestOptions, type Tandem } from '../support/harness.js';

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
const document = parse(readFileSync('docs/operations.graphql', 'utf8'));
const operations = separateOperations(document);

describe('the sample operations', () => {
  it('are valid against the schema', () => {
    expect(validate(schema, document)).toEqual([]);
  });

  it('use every query and mutation', () => {
    const roots = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
      Object.keys(type?.getFields() ?? {}).map((field) => `${type?.name}.${field}`),
    );
    expect(roots.filter((root) => !fieldsOf(document).has(root))).toEqual([]);
  });

  it('contain the operation that the explorer opens with', () => {
    for (const [name, explored] of Object.entries(separateOperations(parse(sampleDocument)))) {
      const operation = operations[name];
      if (!operation) throw new Error(`docs/operations.graphql has no operation ${name}`);
      const known = fieldsOf(operation);
      expect([...fieldsOf(explored)].filter((field) => !known.has(field))).toEqual([]);
    }
  });
});

describe('a front-end session', () => {
  let tandem: Tandem;
  beforeAll(async () => {
    tandem = await startTandem();
  });
  afterAll(() => tandem.close());

  it('runs every sample operation', async () => {
    const unused = new Set(Object.keys(operations));
    const sender: RequestOptions = {};
    const run = async (name: string, variables = {}) => {
      unused.delete(name);
      const reply = await tandem.send(print(operations[name] ?? parse(name)), variables, sender);
      if (reply.errors) throw new Error(`${name}: ${JSON.stringify(refusal(reply))}`);
      return reply.data;
    };
    const signUp = { email: 'lin@example.com', password: PASSWORD, displayName: 'Lin' };
    const { passwordStrength } = await run('PasswordStrength', { candidate: signUp });
    expect(passwordStrength).toEqual({ acceptable: true, score: 4, problems: [] });
    const { continuation } = (await run('SignUp', { signUp })).signUp;
    const again = { email: signUp.email, continuation };
    expect((await run('ResendVerification', { signUp: again })).resendVerification.accepted).toBe(true);
    const { token } = await lastMailTo(tandem, signUp.email);
    expect((await run('VerifyEmail', { verification: { token, continuation } })).verifyEmail.verified).toBe(true);

    const address = { email: signUp.email };
    expect((await run('RequestPasswordReset', { address })).requestPasswordReset.accepted).toBe(true);
    const reset = { token: (await lastMailTo(tandem, signUp.email)).token, newPassword: 'seven otters in a teapot' };
    expect((await run('ResetPassword', { reset })).resetPassword.accepted).toBe(true);

    const { email } = await tandem.person();
    const login = { email, password: PASSWORD, deviceName: 'the phone' };

    const phone = (await run('Login', { login })).login;
    sender.token = phone.authToken;
    expect((await run('TokenStatus')).tokenStatus).toMatchObject({ state: 'VALID', recovery: 'NONE' });

    const created = (await run('CreatePost', { post: { title: 'Loops', body: 'Again.' } })).createPost.post;
    const post = { id: created.id };
    expect((await run('Post', post)).post).toEqual(created);
    expect((await run('Node', post)).node).toEqual({ __typename: 'Post', ...post, title: 'Loops' });
    expect((await run('UpdatePost', { post: { ...post, title: 'More loops' } })).updatePost.post.title).toBe(
      'More loops',
    );
    expect((await run('PublishPost', { post })).publishPost.post.status).toBe('PUBLISHED');
    expect((await run('Posts', { first: 5 })).posts).toMatchObject({
      totalCount: 1,
      edges: [{ node: { title: 'More loops' } }],
    });
    expect((await run('UnpublishPost', { post })).unpublishPost.post.status).toBe('DRAFT');
    expect((await run('DeletePost', { post })).deletePost.deletedPostId).toBe(post.id);

    await run('Login', { login: { ...login, deviceName: 'the tablet' } });
    const { sessions } = (await run('Me')).me;
    const sessionId = sessions.find((session: { current: boolean }) => !session.current).id;
    expect((await run('RevokeSession', { session: { sessionId } })).revokeSession.revokedSessionId).toBe(sessionId);
    expect((await run('RevokeOtherSessions')).revokeOtherSessions.revokedCount).toBe(0);

    const name = { displayName: 'Lin Otter' };
    expect((await run('ChangeDisplayName', { name })).changeDisplayName).toMatchObject(name);
    sender.token = (await run('Reauthenticate', { proof: { password: PASSWORD } })).reauthenticate.authToken;
    const change = { currentPassword: PASSWORD, newPassword: 'a staple of horses, mostly correct' };
    const changed = (await run('ChangePassword', { change })).changePassword;
    sender.token = changed.authToken;
    const { token: notice } = await lastMailTo(tandem, email);
    const next = (await run('Refresh', { refresh: { refreshToken: changed.refreshToken } })).refreshToken;
    sender.token = next.authToken;
    const mover = await tandem.login();
    sender.token = mover.authToken;
    const { email: oldEmail } = (await run('Me')).me;
    await run('ChangeEmail', { change: { newEmail: 'moved@example.com' } });
    expect((await run('CancelEmailChange')).cancelEmailChange.account.pendingEmail).toBeNull();
    await run('ChangeEmail', { change: { newEmail: 'moved@example.com' } });
    await run('ResendEmailChange');
    const mails = await mailsTo(tandem, 'moved@example.com');
    const active = await tandem.database.oneTimeToken.findFirstOrThrow({
      where: { purpose: 'CHANGE_EMAIL', supersededAt: null },
    });
    const proof = mails.find(({ token: one }) => parseOneTimeToken(one)?.id === active.id);
    await run('ConfirmEmailChange', { proof: { token: proof?.token } });
    await run('UndoEmailChange', { proof: { token: (await lastMailTo(tandem, oldEmail)).token } });
    sender.token = next.authToken;
    const exported = JSON.parse((await run('ExportMyData')).exportMyData.data);
    expect(exported.account).toMatchObject([{ email, ...name }]);
    expect((await run('DeleteAccount')).deleteAccount.accepted).toBe(true);
    expect((await run('Logout', { logout: { refreshToken: next.refreshToken } })).logout.loggedOut).toBe(true);

    expect((await run('RevokeReportedSession', { proof: { token: notice } })).revokeReportedSession.accepted).toBe(
      true,
    );

    expect([...unused]).toEqual([]);
  });
});

/** The fields that a document selects, as `Type.field`. */
function fieldsOf(asked: DocumentNode): Set<string> {
  const types = new TypeInfo(schema);
  const fields = new Set<string>();
  visit(
    asked,
    visitWithTypeInfo(types, {
      [Kind.FIELD]: (node) => {
        fields.add(`${types.getParentType()?.name}.${node.name.value}`);
      },
    }),
  );
  return fields;
}
