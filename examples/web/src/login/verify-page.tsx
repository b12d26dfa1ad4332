import { useState } from 'react';
import { useApolloClient } from '@apollo/client/react';
import { CodeField, Field } from '../forms/field';
import { Form } from '../forms/form';
import { ResendVerificationDocument, VerifyEmailDocument } from '../generated/graphql';
import { navigate } from '../shell/navigation';
import { Page } from '../shell/page';
import { tandem } from '../tandem';
import { useLinkToken } from './link-token';
import { forgetPendingSignUp, pendingSignUp } from './pending-sign-up';

/** With the link or the code of the mail. Another browser than the one that signed up asks for the password, too. */
export function VerifyPage() {
  const apollo = useApolloClient();
  const token = useLinkToken();
  const [pending] = useState(pendingSignUp);
  const [needsPassword, setNeedsPassword] = useState(!pending);

  async function verify(value: (name: string) => string) {
    const received = token ? { token } : { email: pending?.email ?? value('email'), code: value('code') };
    const signedUp = needsPassword ? { password: value('password') } : { continuation: pending?.continuation };
    const verification = { ...received, ...signedUp };
    const { data } = await apollo.mutate({
      mutation: VerifyEmailDocument,
      variables: { verification },
      fetchPolicy: 'no-cache',
    });
    const tokens = data?.verifyEmail.tokenPair;
    if (!tokens) return setNeedsPassword(true);
    forgetPendingSignUp();
    await tandem.signIn(tokens);
    navigate('/');
  }

  function resend() {
    return apollo.mutate({
      mutation: ResendVerificationDocument,
      variables: { signUp: pending ?? { email: '', continuation: '' } },
    });
  }

  return (
    <Page title="Confirm your address">
      <div className="card narrow">
        <p>{token ? 'Confirm that you signed up.' : 'Open the link in the mail, or enter its code.'}</p>
        {pending && !token && (
          <p>
            The mail is on its way to <strong>{pending.email}</strong>.
          </p>
        )}
        <Form button="Confirm" onSubmit={verify}>
          {!token && !pending && <Field name="email" label="E-mail address" type="email" autoComplete="username" />}
          {!token && <CodeField />}
          {needsPassword && (
            <Field
              name="password"
              label="Password"
              hint="The one that you chose when you signed up."
              type="password"
              autoComplete="current-password"
            />
          )}
        </Form>
        {pending && !token && (
          <Form button="Send the mail again" kind="quiet" onSubmit={resend} done="Another mail is on its way." />
        )}
      </div>
    </Page>
  );
}
