import { useApolloClient } from '@apollo/client/react';
import { Field, NewPassword } from '../forms/field';
import { Form } from '../forms/form';
import { ChangePasswordDocument } from '../generated/graphql';
import { tandem } from '../tandem';

export function PasswordSection({ email }: { email: string }) {
  const apollo = useApolloClient();
  async function changePassword(value: (name: string) => string) {
    const change = { currentPassword: value('currentPassword'), newPassword: value('newPassword') };
    const { data } = await apollo.mutate({
      mutation: ChangePasswordDocument,
      variables: { change },
      fetchPolicy: 'no-cache',
    });
    if (data) await tandem.replace(data.changePassword);
  }
  return (
    <section className="card" aria-labelledby="password-heading">
      <h2 id="password-heading">Password</h2>
      <Form
        button="Change the password"
        kind="quiet"
        onSubmit={changePassword}
        done="Your password is changed. All other devices are logged out."
      >
        <Field name="currentPassword" label="Current password" type="password" autoComplete="current-password" />
        <NewPassword name="newPassword" label="New password" email={email} />
      </Form>
    </section>
  );
}
