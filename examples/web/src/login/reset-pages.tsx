import { useApolloClient } from '@apollo/client/react';
import { CodeField, Field, NewPassword } from '../forms/field';
import { Form } from '../forms/form';
import { RequestPasswordResetDocument, ResetPasswordDocument } from '../generated/graphql';
import { Link, navigate } from '../shell/navigation';
import { showNotice } from '../shell/notice';
import { Page } from '../shell/page';
import { tandem } from '../tandem';
import { useLinkToken } from './link-token';

export function ForgotPasswordPage() {
  const apollo = useApolloClient();
  async function request(value: (name: string) => string) {
    const address = { email: value('email') };
    await apollo.mutate({ mutation: RequestPasswordResetDocument, variables: { address } });
    navigate('/account/reset-password');
    showNotice('A mail with a link and a code is on its way, if the address has an account.');
  }
  return (
    <Page title="Forgot your password?">
      <div className="card narrow">
        <p>You receive a mail with which you choose a new password.</p>
        <Form button="Send the mail" onSubmit={request}>
          <Field name="email" label="E-mail address" type="email" autoComplete="username" />
        </Form>
        <p className="links">
          <Link to="/">Log in</Link>
        </p>
      </div>
    </Page>
  );
}

/** With the link or the code of the mail. */
export function ResetPasswordPage() {
  const apollo = useApolloClient();
  const token = useLinkToken();
  async function resetPassword(value: (name: string) => string) {
    const received = token ? { token } : { email: value('email'), code: value('code') };
    const reset = { ...received, newPassword: value('newPassword') };
    await apollo.mutate({ mutation: ResetPasswordDocument, variables: { reset } });
    // All sessions are revoked.
    await tandem.signOut();
    navigate('/');
    showNotice('Your password is changed. Log in with the new one.');
  }
  return (
    <Page title="Choose a new password">
      <div className="card narrow">
        <p>All devices are logged out. After that, log in with the new password.</p>
        <Form button="Change the password" onSubmit={resetPassword}>
          {!token && (
            <>
              <Field name="email" label="E-mail address" type="email" autoComplete="username" />
              <CodeField />
            </>
          )}
          <NewPassword name="newPassword" label="New password" />
        </Form>
      </div>
    </Page>
  );
}
