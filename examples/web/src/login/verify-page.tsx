import { useState } from 'react';
import { useApolloClient } from '@apollo/client/react';
import { Field } from '../forms/field';
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
    <Page title="Confirm your e-mail address">
      <div className="card narrow">
        {token ? (
          <p>The link is valid for one confirmation.</p>
        ) : (
          <p>
            A mail with a link and a code is on its way
            {pending && (
              <>
                {' '}
                to <strong>{pending.email}</strong>
              </>
            )}
            . Open the link, or enter the code.
          </p>
        )}
        <Form button="Confirm" onSubmit={verify}>
          {!token && !pending && <Field name="email" label="E-mail address" type="email" autoComplete="username" />}
          {!token && (
            <Field
              name="code"
              label="Code"
              hint="The 8 characters in the mail. Case, spaces and hyphens do not matter."
              autoComplete="one-time-code"
              autoCapitalize="characters"
              spellCheck={false}
            />
          )}
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
