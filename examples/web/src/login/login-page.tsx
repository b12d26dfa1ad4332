import { useApolloClient } from '@apollo/client/react';
import { Field } from '../forms/field';
import { Form } from '../forms/form';
import { LoginDocument } from '../generated/graphql';
import { Link } from '../shell/navigation';
import { Page } from '../shell/page';
import { tandem } from '../tandem';

export function LoginPage() {
  const apollo = useApolloClient();
  async function logIn(value: (name: string) => string) {
    const login = { email: value('email'), password: value('password') };
    const { data } = await apollo.mutate({ mutation: LoginDocument, variables: { login }, fetchPolicy: 'no-cache' });
    if (data) await tandem.signIn(data.login);
  }
  return (
    <Page title="Log in">
      <div className="card narrow">
        <Form button="Log in" onSubmit={logIn}>
          <Field name="email" label="E-mail address" type="email" autoComplete="username" />
          <Field name="password" label="Password" type="password" autoComplete="current-password" />
        </Form>
        <p className="links">
          <Link to="/sign-up">Sign up</Link>
          <Link to="/forgot-password">Forgot your password?</Link>
        </p>
        {import.meta.env.DEV && (
          <p className="hint">
            Demo account: <code>ada@example.com</code>, password <code>correct horse battery staple</code>
          </p>
        )}
      </div>
    </Page>
  );
}
