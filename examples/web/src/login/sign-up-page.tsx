import { useApolloClient } from '@apollo/client/react';
import { Field, NewPassword } from '../forms/field';
import { Form } from '../forms/form';
import { SignUpDocument } from '../generated/graphql';
import { Link, navigate } from '../shell/navigation';
import { Page } from '../shell/page';
import { storePendingSignUp } from './pending-sign-up';

export function SignUpPage() {
  const apollo = useApolloClient();
  async function signUp(value: (name: string) => string) {
    const signUp = { displayName: value('displayName'), email: value('email'), password: value('password') };
    const { data } = await apollo.mutate({ mutation: SignUpDocument, variables: { signUp }, fetchPolicy: 'no-cache' });
    if (!data) return;
    storePendingSignUp({ email: signUp.email, continuation: data.signUp.continuation });
    navigate('/account/verify');
  }
  return (
    <Page title="Sign up">
      <div className="card narrow">
        <Form button="Sign up" onSubmit={signUp}>
          <Field name="displayName" label="Display name" hint="Other people see it." autoComplete="nickname" />
          <Field name="email" label="E-mail address" type="email" autoComplete="username" />
          <NewPassword name="password" label="Password" />
        </Form>
        <p className="links">
          <Link to="/">Log in</Link>
        </p>
      </div>
    </Page>
  );
}
