import { CombinedGraphQLErrors, type ApolloClient } from '@apollo/client';
import { CombinedError, type Client } from '@urql/core';
import { ClientError, type GraphQLClient } from 'graphql-request';
import {
  CancelEmailChangeDocument,
  ChangeDisplayNameDocument,
  ChangeEmailDocument,
  ChangePasswordDocument,
  ConfirmEmailChangeDocument,
  CreatePostDocument,
  DeleteAccountDocument,
  DeletePostDocument,
  LoginDocument,
  LogoutDocument,
  MeDocument,
  PasswordStrengthDocument,
  PostsDocument,
  PublishPostDocument,
  ReauthenticateDocument,
  RefreshDocument,
  RequestPasswordResetDocument,
  ResendEmailChangeDocument,
  ResendVerificationDocument,
  ResetPasswordDocument,
  RevokeOtherSessionsDocument,
  RevokeReportedSessionDocument,
  RevokeSessionDocument,
  SignUpDocument,
  UndoEmailChangeDocument,
  UnpublishPostDocument,
  UpdatePostDocument,
  VerifyEmailDocument,
  type ChangeDisplayNameInput,
  type ChangeEmailInput,
  type ChangePasswordInput,
  type ConfirmEmailChangeInput,
  type CreatePostInput,
  type EmailInput,
  type ErrorDetailsFragment,
  type LoginInput,
  type LogoutInput,
  type PasswordStrengthInput,
  type PostIdInput,
  type ReauthenticateInput,
  type Recovery,
  type RefreshTokenInput,
  type ResendVerificationInput,
  type ResetPasswordInput,
  type RevokeReportedSessionInput,
  type RevokeSessionInput,
  type SignUpInput,
  type UndoEmailChangeInput,
  type UpdatePostInput,
  type VerifyEmailInput,
} from '../../generated/graphql.js';
import { OPERATIONS } from '../../generated/operation-map.js';
import type { FrontEnd } from './front-end.js';

declare module 'graphql' {
  interface GraphQLFormattedErrorExtensions extends ErrorDetailsFragment {}
  interface GraphQLErrorExtensions extends ErrorDetailsFragment {}
}

declare module '@0no-co/graphql.web' {
  interface Extensions extends ErrorDetailsFragment {}
}

/** A front-end with the generated types. Only `documents.heavy.test.ts` compiles it, after it has generated them. */
export function apolloFrontEnd(client: ApolloClient): FrontEnd {
  return {
    async login(email, password) {
      const { data } = await client.mutate({ mutation: LoginDocument, variables: { login: { email, password } } });
      if (!data) throw new Error('no data');
      return data.login;
    },
    async titles(first) {
      const { data } = await client.query({ query: PostsDocument, variables: { first }, fetchPolicy: 'network-only' });
      if (!data) throw new Error('no data');
      return data.posts.edges.map(({ node }) => node.title);
    },
    async email() {
      const { data } = await client.query({ query: MeDocument, fetchPolicy: 'network-only' });
      if (!data) throw new Error('no data');
      return data.me.email;
    },
  };
}

export function urqlFrontEnd(client: Client): FrontEnd {
  return {
    async login(email, password) {
      const { data, error } = await client.mutation(LoginDocument, { login: { email, password } });
      if (!data) throw error;
      return data.login;
    },
    async titles(first) {
      const { data, error } = await client.query(PostsDocument, { first }, { requestPolicy: 'network-only' });
      if (!data) throw error;
      return data.posts.edges.map(({ node }) => node.title);
    },
    async email() {
      const { data, error } = await client.query(MeDocument, {}, { requestPolicy: 'network-only' });
      if (!data) throw error;
      return data.me.email;
    },
  };
}

export function requestFrontEnd(client: GraphQLClient): FrontEnd {
  return {
    async login(email, password) {
      const data = await client.request(LoginDocument, { login: { email, password } });
      return data.login;
    },
    async titles(first) {
      const data = await client.request(PostsDocument, { first });
      return data.posts.edges.map(({ node }) => node.title);
    },
    async email() {
      const data = await client.request(MeDocument);
      return data.me.email;
    },
  };
}

/** One form for each mutation, on Apollo Client. */
export function forms(client: ApolloClient) {
  return {
    login: (login: LoginInput) => submit(client.mutate({ mutation: LoginDocument, variables: { login } })),
    refresh: (refresh: RefreshTokenInput) =>
      submit(client.mutate({ mutation: RefreshDocument, variables: { refresh } })),
    resendVerification: (signUp: ResendVerificationInput) =>
      submit(client.mutate({ mutation: ResendVerificationDocument, variables: { signUp } })),
    signUp: (signUp: SignUpInput) => submit(client.mutate({ mutation: SignUpDocument, variables: { signUp } })),
    verifyEmail: (verification: VerifyEmailInput) =>
      submit(client.mutate({ mutation: VerifyEmailDocument, variables: { verification } })),
    logout: (logout: LogoutInput) => submit(client.mutate({ mutation: LogoutDocument, variables: { logout } })),
    requestPasswordReset: (address: EmailInput) =>
      submit(client.mutate({ mutation: RequestPasswordResetDocument, variables: { address } })),
    resetPassword: (reset: ResetPasswordInput) =>
      submit(client.mutate({ mutation: ResetPasswordDocument, variables: { reset } })),
    changeDisplayName: (name: ChangeDisplayNameInput) =>
      submit(client.mutate({ mutation: ChangeDisplayNameDocument, variables: { name } })),
    reauthenticate: (proof: ReauthenticateInput) =>
      submit(client.mutate({ mutation: ReauthenticateDocument, variables: { proof } })),
    changeEmail: (change: ChangeEmailInput) =>
      submit(client.mutate({ mutation: ChangeEmailDocument, variables: { change } })),
    resendEmailChange: () => submit(client.mutate({ mutation: ResendEmailChangeDocument })),
    cancelEmailChange: () => submit(client.mutate({ mutation: CancelEmailChangeDocument })),
    confirmEmailChange: (proof: ConfirmEmailChangeInput) =>
      submit(client.mutate({ mutation: ConfirmEmailChangeDocument, variables: { proof } })),
    undoEmailChange: (proof: UndoEmailChangeInput) =>
      submit(client.mutate({ mutation: UndoEmailChangeDocument, variables: { proof } })),
    revokeReportedSession: (proof: RevokeReportedSessionInput) =>
      submit(client.mutate({ mutation: RevokeReportedSessionDocument, variables: { proof } })),
    deleteAccount: () => submit(client.mutate({ mutation: DeleteAccountDocument })),
    changePassword: (change: ChangePasswordInput) =>
      submit(client.mutate({ mutation: ChangePasswordDocument, variables: { change } })),
    revokeSession: (session: RevokeSessionInput) =>
      submit(client.mutate({ mutation: RevokeSessionDocument, variables: { session } })),
    revokeOtherSessions: () => submit(client.mutate({ mutation: RevokeOtherSessionsDocument })),
    createPost: (post: CreatePostInput) => submit(client.mutate({ mutation: CreatePostDocument, variables: { post } })),
    updatePost: (post: UpdatePostInput) => submit(client.mutate({ mutation: UpdatePostDocument, variables: { post } })),
    publishPost: (post: PostIdInput) => submit(client.mutate({ mutation: PublishPostDocument, variables: { post } })),
    unpublishPost: (post: PostIdInput) =>
      submit(client.mutate({ mutation: UnpublishPostDocument, variables: { post } })),
    deletePost: (post: PostIdInput) => submit(client.mutate({ mutation: DeletePostDocument, variables: { post } })),
  };
}

/** What a form shows below the field of a new password while the user types: 0 to 4 bars, and a text. */
export async function passwordHint(client: ApolloClient, candidate: PasswordStrengthInput) {
  const { data } = await client.query({
    query: PasswordStrengthDocument,
    variables: { candidate },
    fetchPolicy: 'no-cache', // otherwise Apollo Client keeps the password in a key
  });
  const [problem] = data?.passwordStrength.problems ?? [];
  return { bars: data?.passwordStrength.score ?? 0, text: problem?.message };
}

/** What a form shows after the user has submitted it. */
export interface FormState<Data> {
  readonly saved?: Data;
  /** Below the fields, by their names. */
  readonly problems: Readonly<Record<string, string>>;
  /** Above the form, if the problems do not say it. */
  readonly notice?: string;
}

async function submit<Data>(sent: Promise<{ data?: Data }>): Promise<FormState<Data>> {
  try {
    const { data } = await sent;
    return { saved: data, problems: {} };
  } catch (error) {
    const [first] = CombinedGraphQLErrors.is(error) ? error.errors : [];
    if (!first?.extensions) return { problems: {}, notice: actionOf('RETRY') };
    const { fields, recovery } = first.extensions;
    const problems = (fields ?? []).map(({ path, message }) => [path.slice(1).join('.'), message]);
    const notice = problems.length > 0 ? undefined : actionOf(recovery);
    return { problems: Object.fromEntries(problems), notice };
  }
}

/** Whether a client may send an operation again if it received no response. */
export function mayRetry(name: keyof typeof OPERATIONS, hasKey: boolean): boolean {
  const { retry } = OPERATIONS[name];
  return retry === 'always' || (retry === 'with-key' && hasKey);
}

/** A form that handles errors without a cast and without comparing messages. */
export function formErrors(error: unknown): string[] {
  if (CombinedGraphQLErrors.is(error)) return error.errors.flatMap(({ extensions }) => shown(extensions));
  if (error instanceof CombinedError) return error.graphQLErrors.flatMap(({ extensions }) => shown(extensions));
  if (error instanceof ClientError) return (error.response.errors ?? []).flatMap(({ extensions }) => shown(extensions));
  return [];
}

function shown(extensions: ErrorDetailsFragment | undefined): string[] {
  if (!extensions) return [];
  const { code, recovery, fields } = extensions;
  if (code === 'RATE_LIMITED') return ['later'];
  const others = (fields ?? []).filter(({ reason }) => reason !== 'WRONG_PASSWORD');
  return [...others.map(({ path }) => path.join()), actionOf(recovery)];
}

function actionOf(recovery: Recovery): string {
  switch (recovery) {
    case 'REFRESH':
    case 'RETRY':
    case 'USE_NEWER_TOKENS':
      return 'retry';
    case 'LOG_IN':
    case 'STEP_UP':
      return 'log in';
    case 'FIX_INPUT':
      return 'show';
    case 'NONE':
      return 'give up';
  }
}
